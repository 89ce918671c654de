"""Ratings: averages of the stars that merchants gave, from 1 to 5."""

from schema.money import from_cents


def average(total_hundredths: int, count: int) -> str | None:
    """With two decimal places, half up; None of nothing."""
    if not count:
        return None
    return from_cents((2 * total_hundredths + count) // (2 * count))


def average_of_both(quality_total_hundredths: int, communication_total_hundredths: int, count: int) -> str | None:
    return average(quality_total_hundredths + communication_total_hundredths, 2 * count)


def average_of_review(quality_rating: int, communication_rating: int) -> str:
    return from_cents((quality_rating + communication_rating) * 50)
