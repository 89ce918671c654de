"""Actors are seen through a row that one may see: one row that names them is enough, and no other shows them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from harness import Template
from sqlalchemy import insert
from visibility_callers import CALLERS, World, world

from gateway.models import metadata

# Shop 5 with its merchant user 6 deals with nobody, employee 50 is new, and team member 3 did not write to shop 1.
MOMENT = datetime(2023, 1, 1, tzinfo=UTC)
AMOUNT = {"name": "x", "amount_cents": 1, "currency_code": "USD", "test": False, "created_at": MOMENT}
JOB = {"status": "NEW", "confirmed_completed": False, "created_at": MOMENT, "last_event_at": MOMENT}
TALK = {"status": "ACTIVE", "has_unread_messages": False, "created_at": MOMENT, "last_event_at": MOMENT}
MESSAGE = {"conversation_id": 1, "file_urls": [], "sent_at": MOMENT, "sent_via": "EMAIL"}
SALE = {"type": "LEGACY", "created_at": MOMENT, "net_amount_cents": 1, "currency_code": "USD"}
EVENT = {"type": "RELATIONSHIP_INSTALLED", "app_id": 1, "occurred_at": MOMENT}

# The row, whom it names, and who of organization 1 sees it.
NAMING: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "job": ("jobs", {**JOB, "shop_id": 5}, "Shop/5", "MANAGE_JOBS"),
    "conversation": ("conversations", {**TALK, "shop_id": 5, "merchant_user_id": 1}, "Shop/5", "MANAGE_JOBS"),
    "transaction": ("transactions", {**SALE, "shop_id": 5}, "Shop/5", "VIEW_FINANCIALS"),
    "event": ("app_events", {**EVENT, "shop_id": 5}, "Shop/5", "MANAGE_APPS"),
    "charge": (
        "app_charges",
        {**AMOUNT, "kind": "AppSubscription", "app_id": 1, "shop_id": 5},
        "Shop/5",
        "MANAGE_APPS",
    ),
    "credit": ("app_credits", {**AMOUNT, "app_id": 1, "shop_id": 5}, "Shop/5", "VIEW_FINANCIALS"),
    "other side": ("conversations", {**TALK, "shop_id": 1, "merchant_user_id": 6}, "MerchantUser/6", "MANAGE_JOBS"),
    "merchant user": ("messages", {**MESSAGE, "sender_merchant_user_id": 6}, "MerchantUser/6", "MANAGE_JOBS"),
    "employee": ("messages", {**MESSAGE, "sender_employee_id": 50}, "ShopifyEmployee/50", "MANAGE_JOBS"),
}


@pytest.fixture
def touched(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(template, tmp_path_factory.mktemp("named"), {"employees": [{"id": 50, "name": "New"}]}) as opened:
        yield opened


def add(touched: World, table: str, row: dict[str, Any]) -> None:
    statement = insert(metadata.tables[table]).values(organization_id=1, id=999, **row)
    gateway = touched.gateways["OPEN"]
    gateway.runner.run(gateway.database.run_sync(lambda connection: connection.execute(statement)))


def who_sees(touched: World, wire_id: str, phase: str) -> set[str]:
    document = f'{{ node(id: "gid://partners/{wire_id}") {{ __typename }} }}'
    return {
        name for name, caller in CALLERS.items() if touched.ask(caller, document, phase=phase).data["node"] is not None
    }


@pytest.mark.parametrize("name", NAMING)
def test_who_sees_a_row_sees_whom_it_names_and_nobody_else_does(touched, name):
    table, row, wire_id, permission = NAMING[name]
    before = who_sees(touched, wire_id, "CLOSED")
    assert before == ({"merchant-of-nobody"} if wire_id.endswith(("/5", "/6")) else set()), "they see themselves"
    add(touched, table, row)
    partners = {permission, "partner-1"}
    assert who_sees(touched, wire_id, "CLOSED") == before | partners
    merchants = {"merchant-of-1"} if wire_id != "Shop/5" else set()
    assert who_sees(touched, wire_id, "OPEN") == before | partners | merchants


def test_a_merchant_sees_the_team_members_who_wrote_to_it(touched):
    own = {name for name, caller in CALLERS.items() if caller.organization_id == 1}
    assert who_sees(touched, "TeamMember/3", "OPEN") == own | {"merchant-of-3"}
    add(touched, "messages", {**MESSAGE, "sender_team_member_id": 3})
    assert who_sees(touched, "TeamMember/3", "OPEN") == own | {"merchant-of-1", "merchant-of-3"}
    assert who_sees(touched, "TeamMember/3", "CLOSED") == own
