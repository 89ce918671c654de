import asyncio
from collections import deque
from collections.abc import Callable

import pytest
from export_records import keep_few
from export_server import Server, dropped, fault, well
from export_told import Told

from gateway.exports import ExportError, ExportOptions, export_records
from gateway.exports.pace import Pace, retry_after_seconds
from gateway.exports.problem import Cure, from_errors

Make = Callable[..., ExportOptions]


def test_429_is_waited_out_and_the_pace_learnt(server: Server, options: Make, told: Told) -> None:
    keep_few(server.api)
    server.api.faults = deque([fault(429, "429", "Too many requests", Retry_After="1")])
    report = asyncio.run(export_records(options(), told))
    assert report.complete
    pauses = [after - before for before, after in zip(server.api.requests_at, server.api.requests_at[1:], strict=False)]
    assert pauses[0] >= 0.99
    assert min(pauses[1:]) >= 0.2


def test_429_without_json_and_without_a_header_is_waited_out_too(server: Server, options: Make, told: Told) -> None:
    keep_few(server.api)
    server.api.faults = deque([well, well, fault(429)])
    assert asyncio.run(export_records(options(), told)).complete


def test_a_retry_after_of_hours_stops_the_export_with_a_sentence(server: Server, options: Make, told: Told) -> None:
    server.api.faults = deque([fault(429, "429", "Too many requests", Retry_After="7200")])
    with pytest.raises(ExportError, match="asks to wait 7200 seconds"):
        asyncio.run(export_records(options(), told))


@pytest.mark.parametrize(
    "trouble",
    [
        [fault(503, "TIMEOUT", "Timeout")],
        [fault(500)],
        [fault(502), fault(503)],
        [dropped, dropped],
        [fault(200, "INTERNAL_SERVER_ERROR", "Internal error")],
    ],
)
def test_trouble_that_passes_costs_no_record(server: Server, options: Make, told: Told, trouble: list) -> None:
    server.api.faults = deque([well, *trouble, well, well, *trouble, well, *trouble, well, well, *trouble])
    report = asyncio.run(export_records(options(), told))
    assert report.complete
    assert report.counts["jobs.jsonl"] == 600
    assert report.counts["transactions.jsonl"] == 520


def test_timeouts_that_stay_make_the_page_smaller(server: Server, options: Make, told: Told) -> None:
    timeout = fault(503, "TIMEOUT", "Timeout")
    server.api.faults = deque([well, well, timeout, timeout, timeout, timeout])
    assert asyncio.run(export_records(options(), told)).complete
    assert server.api.largest_asked[0] == 62


def test_trouble_that_stays_ends_with_a_sentence_and_can_be_continued(
    server: Server, options: Make, told: Told
) -> None:
    server.api.faults = deque([well] * 4 + [fault(500)] * 4)
    with pytest.raises(ExportError, match=r"HTTP status 500\. 4 attempts failed"):
        asyncio.run(export_records(options(), told))
    before = server.api.requests
    assert asyncio.run(export_records(options(), told)).counts["jobs.jsonl"] == 600
    assert server.api.requests > before


def test_a_wrong_token_is_refused_at_once_and_never_printed(server: Server, options: Make, told: Told) -> None:
    with pytest.raises(ExportError, match=r"^Unauthorized: \(the token\)\.$"):
        asyncio.run(export_records(options(token="prtapi_wrong"), told))
    assert server.api.requests == 1
    assert "prtapi_wrong" not in repr(options(token="prtapi_wrong"))


def test_an_unknown_version_is_refused_with_a_sentence(options: Make, told: Told) -> None:
    with pytest.raises(ExportError, match=r"Invalid API version.*1999-01.*no organization and version"):
        asyncio.run(export_records(options(api_version="1999-01"), told))


def test_nobody_there_is_a_sentence(options: Make, told: Told) -> None:
    with pytest.raises(ExportError, match=r"^http://127\.0\.0\.1:9 can't be used: the connection failed"):
        asyncio.run(export_records(options(url="http://127.0.0.1:9"), told))


def test_a_server_of_something_else_is_a_sentence(server: Server, options: Make, told: Told) -> None:
    server.api.faults = deque([fault(200)])
    with pytest.raises(ExportError, match="does not speak GraphQL"):
        asyncio.run(export_records(options(), told))


def test_redirects_are_not_followed(server: Server, options: Make, told: Told) -> None:
    server.api.faults = deque([fault(307, Location="http://127.0.0.1:9/")])
    with pytest.raises(ExportError, match="HTTP status 307"):
        asyncio.run(export_records(options(), told))


def test_a_cursor_that_is_no_longer_good_starts_the_kind_again(server: Server, options: Make, told: Told) -> None:
    server.api.faults = deque([well] * 4 + [fault(500)] * 4)
    with pytest.raises(ExportError):
        asyncio.run(export_records(options(), told))
    server.api.epoch += 1
    report = asyncio.run(export_records(options(), told))
    assert report.counts["jobs.jsonl"] == 600
    assert [sentence for sentence in told.sentences if "starting it again" in sentence]


def test_the_pace_stays_between_its_bounds() -> None:
    pace = Pace()
    pace.slow_down(0)
    assert pace.interval_seconds == 0.25
    for _ in range(50):
        pace.slow_down(0)
    assert pace.interval_seconds == 10.0
    for _ in range(500):
        pace.went_well()
    assert pace.interval_seconds == 0.25


@pytest.mark.parametrize(
    ("header", "seconds"),
    [(None, None), ("2", 2.0), ("0.5", 0.5), ("-1", 0.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0), ("soon", None)],
)
def test_retry_after_is_read_in_both_forms(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header) == seconds


@pytest.mark.parametrize(
    ("error", "cure"),
    [
        ({"message": "no", "extensions": {"code": "429"}}, Cure.SLOWER),
        ({"message": "Throttled"}, Cure.SLOWER),
        ({"message": "no", "extensions": {"code": "TIMEOUT"}}, Cure.SMALLER_OR_AGAIN),
        ({"message": "no", "extensions": {"code": "MAX_NODES"}}, Cure.SMALLER),
        ({"message": "Query has complexity of 5000, which exceeds max complexity of 1000"}, Cure.SMALLER),
        ({"message": "no", "extensions": {"code": "INVALID_CURSOR"}}, Cure.NEW_CURSOR),
        ({"message": "Your token lacks the permissions"}, Cure.OTHER_TOKEN),
        ({"message": "Internal error", "extensions": None}, Cure.AGAIN),
        ({"message": "Field 'x' doesn't exist on type 'Y'", "extensions": {"code": "undefinedField"}}, Cure.NOTHING),
        ("not even an object", Cure.NOTHING),
    ],
)
def test_an_error_tells_what_may_help(error: object, cure: Cure) -> None:
    assert from_errors([error]).cure is cure
