"""Partners: the listing of each organization, with its places, languages, industries and links."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any
from unicodedata import normalize

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from gateway.models.base import belongs_to, cents, choice, id_column, metadata, moment, of_organization, one_of, text
from gateway.models.directory import countries, industries, languages, of_directory, word

# Totals of ratings are kept in hundredths, so that an average of 4.9 over 657 reviews is held exactly.
RATING_HUNDREDTHS = 100

# Accents are signs of their own in NFKD; letters with a stroke and joined ones are not taken apart by Unicode. The
# search's migration does the same.
_PLAIN = {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
_FOLDED = str.maketrans({**_PLAIN, **{chr(accent): "" for accent in range(0x300, 0x370)}})


class PartnerTier(StrEnum):
    SELECT = "SELECT"
    PLUS = "PLUS"
    PREMIER = "PREMIER"
    PLATINUM = "PLATINUM"


def folded(value: str) -> str:
    """What is sorted, compared and searched for instead of the text: without case, accents and spaces around it."""
    apart = normalize("NFKD", value.strip().casefold()).translate(_FOLDED)
    return normalize("NFC", apart)


def _key_of(name: str) -> Callable[[Any], str | None]:
    def key(context: Any) -> str | None:
        value = context.get_current_parameters()[name]
        return None if value is None else folded(value)

    return key


def _key(name: str, *, nullable: bool = False) -> Column[str]:
    """`folded` of the column `name`. An INSERT fills it by itself; an UPDATE of `name` has to set it as well.

    Both databases compare it byte by byte, so that they sort alike.
    """
    kind = Text().with_variant(Text(collation="C"), "postgresql")
    return Column(f"{name}_key", kind, nullable=nullable, default=_key_of(name))


# One for each organization. The totals may begin with those of reviews whose rows do not exist here.
partners = Table(
    "partners",
    metadata,
    *of_organization(),
    id_column(primary_key=True),
    text("name"),
    _key("name"),
    Column("slug", String(255), nullable=False),
    text("description", nullable=True),
    choice("tier", PartnerTier, nullable=True),
    Column("accepts_new_clients", Boolean, nullable=False),
    text("city", nullable=True),
    _key("city", nullable=True),
    word("country_code", countries.c.code, nullable=True),
    text("contact_email", nullable=True),
    text("contact_phone", nullable=True),
    text("website_url", nullable=True),
    Column("listed", Boolean, nullable=False),
    moment("listed_at", nullable=True),
    Column("review_count", Integer, nullable=False),
    Column("quality_total_hundredths", BigInteger, nullable=False),
    Column("communication_total_hundredths", BigInteger, nullable=False),
    # What is sorted by: the average of both ratings, cut off; 0 is below every rating, and means that there is none.
    Column(
        "average_rating_millionths",
        BigInteger,
        Computed(
            "CASE WHEN review_count = 0 THEN 0"
            " ELSE (quality_total_hundredths + communication_total_hundredths) * 5000 / review_count END",
            persisted=True,
        ),
        nullable=False,
    ),
    # The least price of its offerings; null where each of them is "contact for pricing", or there is none.
    cents("starting_price_cents", nullable=True),
    # What is sorted by, so that those without a price are last in either direction.
    Column(
        "price_or_highest_cents",
        BigInteger,
        Computed("coalesce(starting_price_cents, 9223372036854775807)", persisted=True),
        nullable=False,
    ),
    Column(
        "price_or_lowest_cents",
        BigInteger,
        Computed("coalesce(starting_price_cents, -1)", persisted=True),
        nullable=False,
    ),
    one_of("tier", PartnerTier),
    CheckConstraint("NOT listed OR listed_at IS NOT NULL", name="listed_at"),
    CheckConstraint("review_count >= 0", name="review_count"),
    CheckConstraint(
        "quality_total_hundredths BETWEEN 100 * review_count AND 500 * review_count", name="quality_total_hundredths"
    ),
    CheckConstraint(
        "communication_total_hundredths BETWEEN 100 * review_count AND 500 * review_count",
        name="communication_total_hundredths",
    ),
    CheckConstraint("starting_price_cents >= 0", name="starting_price_cents"),
    of_directory("country_code", countries.c.code),
    UniqueConstraint("organization_id"),
    UniqueConstraint("slug"),
    Index(None, "listed", "average_rating_millionths", "id"),
    Index(None, "listed", "price_or_highest_cents", "id"),
    Index(None, "listed", "price_or_lowest_cents", "id"),
    Index(None, "listed", "name_key", "id"),
    Index(None, "listed", "country_code"),
    Index(None, "listed", "city_key"),
    Index(None, "listed", "tier"),
    Index(None, "listed", "accepts_new_clients"),
)

# Further ones, in the partner's own order; the main location stands with the partner.
partner_locations = Table(
    "partner_locations",
    metadata,
    *of_organization(),
    id_column("partner_id", primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    text("city", nullable=True),
    _key("city", nullable=True),
    word("country_code", countries.c.code),
    belongs_to("partners", "partner_id"),
    of_directory("country_code", countries.c.code),
    Index(None, "country_code", "organization_id"),
    Index(None, "city_key", "organization_id"),
)

partner_languages = Table(
    "partner_languages",
    metadata,
    *of_organization(),
    id_column("partner_id", primary_key=True),
    Column("language_code", languages.c.code.type, primary_key=True),
    belongs_to("partners", "partner_id"),
    of_directory("language_code", languages.c.code),
    Index(None, "language_code", "organization_id"),
)

partner_industries = Table(
    "partner_industries",
    metadata,
    *of_organization(),
    id_column("partner_id", primary_key=True),
    Column("industry_handle", industries.c.handle.type, primary_key=True),
    belongs_to("partners", "partner_id"),
    of_directory("industry_handle", industries.c.handle),
    Index(None, "industry_handle", "organization_id"),
)

partner_social_links = Table(
    "partner_social_links",
    metadata,
    *of_organization(),
    id_column("partner_id", primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("network", String(64), nullable=False),
    text("url"),
    belongs_to("partners", "partner_id"),
)
