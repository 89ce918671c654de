"""Rules that inputs of many mutations share: a value and its path in, the reasons for which it can't be taken out.

The path is as the client spells it: `("input", "contactEmail")`. A value of None breaks no rule but `required`: whether
something must be given is the mutation's to say.
"""

import re
import unicodedata
from collections.abc import Container, Iterator
from decimal import Decimal
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from gateway.errors import Reason, UserErrorCode

Path = tuple[str, ...]

LONGEST_EMAIL = 254
LONGEST_PHONE = 40
LONGEST_URL = 2048
LARGEST_PRICE = Decimal(10_000_000)
# Of USD, in which the directory's prices are.
CENTS = 2

# E.164 has up to 15 digits; the shortest numbers that one can dial from abroad have 6 with their country's code.
_DIGITS = range(6, 16)
_PHONE = re.compile(r"\+?[0-9 ().\-/]+(?:(?:ext\.?|x|#) ?[0-9]{1,6})?", re.IGNORECASE)
_EXTENSION = re.compile(r"(?:ext\.?|x|#) ?[0-9]{1,6}$", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?![0-9]+$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def required(value: object, field: Path) -> Iterator[Reason]:
    """Something must be there: neither null nor a text without a visible character."""
    if value is None or (isinstance(value, str) and is_blank(value)):
        yield Reason(UserErrorCode.BLANK, field, "This can't be blank")


def text(value: str | None, field: Path, *, longest: int) -> Iterator[Reason]:
    """At most so many characters. Line breaks and tabs are fine, other characters that control a terminal are not."""
    if value is None:
        return
    if len(value) > longest:
        yield Reason(UserErrorCode.TOO_LONG, field, "This has at most {most} characters", {"most": longest})
    if any(unicodedata.category(each) == "Cc" and each not in "\n\r\t" for each in value):
        yield Reason(UserErrorCode.INVALID, field, "This can't hold control characters")


def line(value: str | None, field: Path, *, longest: int) -> Iterator[Reason]:
    """A text of one line, such as a name, which may be written into the header of an e-mail."""
    if value is None:
        return
    if len(value) > longest:
        yield Reason(UserErrorCode.TOO_LONG, field, "This has at most {most} characters", {"most": longest})
    if any(unicodedata.category(each) in {"Cc", "Zl", "Zp"} for each in value):
        yield Reason(UserErrorCode.INVALID, field, "This is one line, without line breaks or control characters")


def email(value: str | None, field: Path) -> Iterator[Reason]:
    """An address that mail could be sent to; nobody is asked whether it exists."""
    if value is None:
        return
    if len(value) > LONGEST_EMAIL:
        yield Reason(UserErrorCode.TOO_LONG, field, "This has at most {most} characters", {"most": LONGEST_EMAIL})
        return
    try:
        validate_email(value, check_deliverability=False)
    except EmailNotValidError:
        yield Reason(UserErrorCode.INVALID, field, "This is not an e-mail address like name@example.com")


def phone(value: str | None, field: Path) -> Iterator[Reason]:
    """A number as people write it: `+47 22 12 34 56`, `(415) 555-0132 ext. 4`, `0084-24-3825 1234`."""
    if value is None:
        return
    # Full-width digits and signs are what many keyboards in Asia write.
    plain = unicodedata.normalize("NFKC", value).strip()
    plain = re.sub(r"[\u2010-\u2015\u2212]", "-", plain)
    digits = re.sub(r"[^0-9]", "", _EXTENSION.sub("", plain))
    if len(value) > LONGEST_PHONE or not _PHONE.fullmatch(plain) or len(digits) not in _DIGITS:
        yield Reason(UserErrorCode.INVALID, field, "This is not a phone number like +47 22 12 34 56")


def url(value: str | None, field: Path) -> Iterator[Reason]:
    """A web address: http or https, with a domain name, and without a user's name or password."""
    if value is None:
        return
    if len(value) > LONGEST_URL:
        yield Reason(UserErrorCode.TOO_LONG, field, "This has at most {most} characters", {"most": LONGEST_URL})
    elif not _is_web_address(value):
        yield Reason(UserErrorCode.INVALID, field, "This is not a web address like https://example.com")


def country(value: str | None, field: Path, *, known: Container[str]) -> Iterator[Reason]:
    """One of the countries' codes, in capitals, as `countryCode` of a location has them."""
    if value is not None and value not in known:
        yield Reason(UserErrorCode.NOT_FOUND, field, "There is no country with this code: send one like NO or VN")


def price(
    value: Decimal | None, field: Path, *, places: int = CENTS, largest: Decimal = LARGEST_PRICE
) -> Iterator[Reason]:
    """Not negative, not more than the largest, with no more decimal places than the currency has."""
    if value is None:
        return
    if not value.is_finite() or not 0 <= value <= largest:
        yield Reason(UserErrorCode.INVALID, field, "A price is at least 0 and at most {most}", {"most": f"{largest:,}"})
    elif value != round(value, places):
        yield Reason(UserErrorCode.INVALID, field, "A price has at most {places} decimal places", {"places": places})


def price_range(lowest: Decimal | None, highest: Decimal | None, field: Path) -> Iterator[Reason]:
    """The highest is not below the lowest; equal is fine. `field` is that of the highest."""
    if lowest is not None and highest is not None and highest < lowest:
        yield Reason(UserErrorCode.INVALID, field, "The highest price is not below the lowest")


def is_blank(value: str) -> bool:
    """Whether nothing of it can be seen."""
    return not any(each.isprintable() and not each.isspace() for each in value)


def _is_web_address(value: str) -> bool:
    if not value.isprintable() or " " in value or "\\" in value:
        return False
    try:
        parts = urlsplit(value)
        host = (parts.hostname or "").encode("idna" if not value.isascii() else "ascii").decode()
        port = parts.port
    except ValueError:
        return False
    named = len(host) <= 253 and _HOST.fullmatch(host.removesuffix(".")) is not None
    return parts.scheme in {"http", "https"} and "@" not in parts.netloc and named and port != 0
