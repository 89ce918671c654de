"""The listing of `partner-gateway seed`: its file read, and what became of it told."""

from collections.abc import Iterator
from pathlib import Path

from fixtures.listing import Listing, ListingError, read_listings
from fixtures.listing_rows import ListingReport
from gateway.cli.problem import Problem

_TOLD = {
    "names": "names",
    "contactEmails": "e-mail addresses",
    "dates": "dates of listing",
    "languages": "lists of languages",
    "reviewCounts": "numbers of reviews",
    "services": "offerings that the file counts but does not name",
}


def listings_of(path: Path) -> list[Listing]:
    """Raises Problem, which names each wrong line."""
    try:
        return read_listings(path)
    except ListingError as error:
        raise Problem(f"The listing can't be loaded, and nothing was:\n{error}") from None
    except OSError as error:
        raise Problem(f"The listing can't be read: {error}", is_usage=True) from None


def summary(report: ListingReport) -> Iterator[str]:
    """Lines for people; `ListingReport.as_dict` is for programs."""
    yield f"{report.partners:,} partners ({report.with_country:,} tell a country), {report.offerings:,} offerings."
    invented = [f"{count:,} {_TOLD[what]}" for what, count in report.invented.items()]
    yield f"Invented, as the file lacks them: {', '.join(invented)}."
    if added := [*report.added_countries, *report.added_languages]:
        yield f"New in the directory: {', '.join(added)}."
    yield f"Written otherwise than in the file: {report.corrected_cities:,} cities."
