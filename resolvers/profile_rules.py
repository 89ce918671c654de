"""What a profile in the directory may hold: each broken rule with the path of the field, places of lists included."""

from collections.abc import Callable, Container, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.errors import Reason, UserErrorCode
from gateway.models.partner import folded
from resolvers import rules
from resolvers.rules import Path

LONGEST_NAME = 255
LONGEST_DESCRIPTION = 5_000
LONGEST_CITY = 100
LONGEST_NETWORK = 64
MOST_LOCATIONS = 20
MOST_LINKS = 20
# More than there are of either.
MOST_WORDS = 100

Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """Which of the given words the directory has, and whether the partner offers anything."""

    countries: Container[str]
    languages: Container[str]
    industries: Container[str]
    has_offering: bool


def check_update(given: Given, known: Known, before: Mapping[str, Any]) -> Iterator[Reason]:
    """`given` has only what the caller gave; `before` is the partner's row."""
    yield from _check_texts(given)
    yield from _check_contact(given)
    yield from _check_places(given, known)
    yield from _check_words(given, known)
    yield from _check_links(given)
    yield from _check_listing(given, known, before)


def _check_texts(given: Given) -> Iterator[Reason]:
    """What a profile can't be without may be left as it is, and not be taken away."""
    for name, field in (("name", "name"), ("accepts_new_clients", "acceptsNewClients"), ("listed", "listed")):
        if name in given:
            yield from rules.required(given[name], ("input", field))
    yield from rules.line(given.get("name"), ("input", "name"), longest=LONGEST_NAME)
    if given.get("description") is not None:
        yield from rules.required(given["description"], ("input", "description"))
        yield from rules.text(given["description"], ("input", "description"), longest=LONGEST_DESCRIPTION)


def _check_contact(given: Given) -> Iterator[Reason]:
    address, field = given.get("contact_email"), ("input", "contactEmail")
    reasons = list(rules.email(address, field))
    if address is not None and not reasons and not address.rpartition("@")[0].isascii():
        # Leads are sent there.
        message = "Mail can't be sent to an address that is not ASCII before the @"
        reasons.append(Reason(UserErrorCode.INVALID, field, message))
    yield from reasons
    yield from rules.phone(given.get("contact_phone"), ("input", "contactPhone"))
    yield from rules.url(given.get("website_url"), ("input", "websiteUrl"))


def _check_places(given: Given, known: Known) -> Iterator[Reason]:
    if given.get("location") is not None:
        yield from _check_place(given["location"], ("input", "location"), known)
    field, places = ("input", "additionalLocations"), given.get("additional_locations") or ()
    yield from _check_list(places, field, most=MOST_LOCATIONS, key=place_key)
    for number, place in enumerate(places[:MOST_LOCATIONS]):
        yield from _check_place(place, (*field, str(number)), known)


def _check_place(place: Given, field: Path, known: Known) -> Iterator[Reason]:
    if place.get("city") is not None:
        yield from rules.required(place["city"], (*field, "city"))
        yield from rules.line(place["city"], (*field, "city"), longest=LONGEST_CITY)
    yield from rules.country(place["country_code"], (*field, "countryCode"), known=known.countries)


def place_key(place: Given) -> Hashable:
    """The same for what names one place."""
    city = place.get("city")
    return city and folded(city), place["country_code"]


def _check_words(given: Given, known: Known) -> Iterator[Reason]:
    languages, field = given.get("language_codes") or (), ("input", "languageCodes")
    yield from _check_list(languages, field, most=MOST_WORDS)
    for number, code in enumerate(languages[:MOST_WORDS]):
        if code not in known.languages:
            message = "There is no language with this code"
            yield Reason(UserErrorCode.NOT_FOUND, (*field, str(number)), message)
    industries, field = given.get("industry_handles") or (), ("input", "industryHandles")
    yield from _check_list(industries, field, most=MOST_WORDS)
    for number, handle in enumerate(industries[:MOST_WORDS]):
        if handle not in known.industries:
            message = "There is no industry with this handle"
            yield Reason(UserErrorCode.NOT_FOUND, (*field, str(number)), message)


def _check_links(given: Given) -> Iterator[Reason]:
    """A network may have several addresses, an address one network."""
    links, field = given.get("social_links") or (), ("input", "socialLinks")
    yield from _check_list(links, field, most=MOST_LINKS, key=lambda link: link["url"])
    for number, link in enumerate(links[:MOST_LINKS]):
        here = (*field, str(number))
        yield from rules.required(link["network"], (*here, "network"))
        yield from rules.line(link["network"], (*here, "network"), longest=LONGEST_NETWORK)
        yield from rules.url(link["url"], (*here, "url"))


def _check_listing(given: Given, known: Known, before: Mapping[str, Any]) -> Iterator[Reason]:
    """Leads go to the address, and are about an offering. What was listed without them may stay so."""
    listed = given.get("listed", before["listed"])
    touched = "contact_email" in given or bool(given.get("listed"))
    if listed and touched and given.get("contact_email", before["contact_email"]) is None:
        message = "A listed partner has an e-mail address, to which leads are sent"
        yield Reason(UserErrorCode.BLANK, ("input", "contactEmail"), message)
    if given.get("listed") and not known.has_offering:
        message = "A listed partner has an offering: set one with serviceOfferingSet first"
        yield Reason(UserErrorCode.NOT_ELIGIBLE, ("input", "listed"), message)


def _check_list(
    items: Sequence[Any], field: Path, *, most: int, key: Callable[[Any], Hashable] = lambda item: item
) -> Iterator[Reason]:
    """At most so many, and none of the first ones twice."""
    if len(items) > most:
        yield Reason(UserErrorCode.TOO_LONG, field, "This has at most {most} entries", {"most": most})
    seen = set()
    for number, item in enumerate(items[:most]):
        if key(item) in seen:
            yield Reason(UserErrorCode.INVALID, (*field, str(number)), "This is in the list already")
        seen.add(key(item))
