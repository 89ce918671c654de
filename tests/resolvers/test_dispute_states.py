"""Each mutation of blocks, reports and messages, in each state, by each caller; what is refused writes nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from blocks import block, codes, preview, report, send
from harness import Gateway, Template
from holders import partner_without, token_of
from records import added, counts

from gateway.viewer import ApiPermission, ViewerKind

LONG_AGO, NEVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)
PHASES = {"OPEN": (NEVER, NEVER), "WINDING_DOWN": (LONG_AGO, NEVER), "CLOSED": (LONG_AGO, LONG_AGO)}
# Conversations of organization 1 with shop 3, by their state.
TALKS = {"ACTIVE": 2, "BLOCKED": 3}
OWN, ALL = ("merchant", "partner"), ("merchant", "other merchant", "partner", "other partner")

DONE: list[str] = []
# (caller, state of the conversation, phase): who is not named has no such conversation.
MESSAGES = {
    **{(caller, "ACTIVE", phase): DONE for caller in OWN for phase in ("OPEN", "WINDING_DOWN")},
    **{(caller, "BLOCKED", phase): ["BLOCKED"] for caller in OWN for phase in ("OPEN", "WINDING_DOWN")},
    **{(caller, state, "CLOSED"): ["MARKETPLACE_CLOSED"] for caller in ALL for state in TALKS},
    **{("no permission", state, phase): ["403"] for state in TALKS for phase in PHASES},
}
# Blocks of partner 1 and reports of it are a merchant's in every phase; shop 2 has blocked it before.
BLOCKS = {"merchant": DONE, "other merchant": DONE, "who blocked it": ["ALREADY_EXISTS"]}
REPORTS = {"merchant": DONE, "other merchant": DONE, "who blocked it": DONE}
WRITES = {
    "messageSend": {"messages": 1, "audit_entries": 1},
    "partnerReportCreate": {"partner_reports": 1, "audit_entries": 1},
}
CALLERS = (
    "merchant",
    "other merchant",
    "who blocked it",
    "partner",
    "no permission",
    "other partner",
    "employee",
    "nobody",
)


@pytest.fixture(params=PHASES)
def told(request: pytest.FixtureRequest, template: Template, tmp_path: Path) -> Iterator[tuple[Gateway, str]]:
    winding_down_from, closed_from = PHASES[request.param]
    dates = {"marketplace_winding_down_from": winding_down_from, "marketplace_closed_from": closed_from}
    with template.copy(tmp_path, **dates) as gateway:
        yield gateway, request.param


def tokens(gateway: Gateway) -> dict[str, str | None]:
    return {
        "merchant": gateway.tokens.merchants[3, 3],
        "other merchant": gateway.merchant,
        "who blocked it": token_of(gateway, ViewerKind.MERCHANT, shop_id=2, merchant_user_id=2),
        "partner": gateway.partner,
        "no permission": partner_without(gateway, ApiPermission.MANAGE_JOBS),
        "other partner": gateway.other_partner,
        "employee": gateway.tokens.employee,
        "nobody": None,
    }


def test_messages(told):
    gateway, phase = told
    held = tokens(gateway)
    for name in CALLERS:
        for state, conversation in TALKS.items():
            closed = phase == "CLOSED" and name in ("merchant", "who blocked it", *ALL)
            expected = MESSAGES.get((name, state, phase), ["MARKETPLACE_CLOSED"] if closed else ["NOT_FOUND"])
            before = counts(gateway)
            assert codes(send(gateway, conversation=conversation, token=held[name])) == expected, (name, state)
            assert added(gateway, before) == ({} if expected else WRITES["messageSend"]), (name, state)


def test_reports(told):
    gateway, _ = told
    held = tokens(gateway)
    for name in CALLERS:
        expected = REPORTS.get(name, ["NOT_ELIGIBLE"])
        before = counts(gateway)
        assert codes(report(gateway, token=held[name])) == expected, name
        assert added(gateway, before) == ({} if expected else WRITES["partnerReportCreate"]), name


def test_blocks(told):
    """What a merchant may not block it refuses first, with and without what another confirms; then all that it may."""
    gateway, _ = told
    held = tokens(gateway)
    confirmed = preview(gateway, token=held["merchant"])["confirmation"]
    for name in CALLERS:
        expected = BLOCKS.get(name, ["NOT_ELIGIBLE"])
        wrong = expected or ["CONFIRMATION_MISMATCH"]
        before = counts(gateway)
        other = confirmed if name != "merchant" else "x"
        assert codes(block(gateway, token=held[name], confirmation=other)) == wrong, name
        unknown = expected if expected == ["NOT_ELIGIBLE"] else ["NOT_FOUND"]
        nobody = "gid://partners/Partner/999"
        assert codes(block(gateway, token=held[name], confirmation=other, partner=nobody)) == unknown, name
        assert added(gateway, before) == {}, name
    for name, expected in BLOCKS.items():
        before = counts(gateway)
        assert codes(block(gateway, token=held[name])) == expected, name
        assert added(gateway, before).get("partner_blocks", 0) == (not expected), name
        # There is no way back, and no second time.
        before = counts(gateway)
        assert codes(block(gateway, token=held[name])) == ["ALREADY_EXISTS"], name
        assert added(gateway, before) == {}, name
