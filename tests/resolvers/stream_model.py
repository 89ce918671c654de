"""The stream of events of organization 1, told in plain Python from the fixtures; nothing here knows how it is kept."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from mirror import rows_of, written

OF_APP_EVENTS = {
    "ONE_TIME_CHARGE_ACTIVATED": "CHARGE_ONE_TIME",
    "USAGE_CHARGE_APPLIED": "CHARGE_USAGE",
    "SUBSCRIPTION_CHARGE_ACTIVATED": "SUBSCRIPTION_CREATED",
    "SUBSCRIPTION_CHARGE_CANCELED": "SUBSCRIPTION_CANCELED",
    "SUBSCRIPTION_CHARGE_FROZEN": "SUBSCRIPTION_FROZEN",
    "SUBSCRIPTION_CHARGE_UNFROZEN": "SUBSCRIPTION_UNFROZEN",
    "SUBSCRIPTION_CAPPED_AMOUNT_UPDATED": "SUBSCRIPTION_UPDATED",
    **{f"RELATIONSHIP_{state}": f"RELATIONSHIP_{state}" for state in ("INSTALLED", "UNINSTALLED")},
    **{f"RELATIONSHIP_{state}": f"RELATIONSHIP_{state}" for state in ("DEACTIVATED", "REACTIVATED")},
    **{f"CREDIT_{status}": f"CREDIT_{status}" for status in ("APPLIED", "FAILED", "PENDING")},
}
OF_SALES = {
    "APP_ONE_TIME_SALE": "EARNING_CHARGE_ONE_TIME",
    "THEME_SALE": "EARNING_CHARGE_ONE_TIME",
    "APP_SUBSCRIPTION_SALE": "EARNING_CHARGE_RECURRING",
    "APP_USAGE_SALE": "EARNING_CHARGE_USAGE",
    "APP_SALE_CREDIT": "EARNING_CREDIT",
}
TYPENAMES = {"CHARGE": "Charge", "CREDIT": "Credit", "EARNING": "Earning", "RELATIONSHIP": "Relationship"}
TYPENAMES["SUBSCRIPTION"] = "SubscriptionStatus"

Event = dict[str, Any]


@cache
def stream() -> tuple[Event, ...]:
    """Newest first; `place` is what the order is made of, and `subject` and `shop` are their ids on the wire."""
    found = [*_of_app_events(), *_of_transactions(), *_of_changes(), *_of_cycles()]
    return tuple(sorted(found, key=lambda event: event["place"], reverse=True))


def between(since: str, until: str) -> list[Event]:
    low, high = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (since, until))
    return [event for event in stream() if low <= event["place"][0] <= high]


def _event(kind: str, row: Any, source: int, moment: datetime, subject: str) -> Event:
    shop = row.get("shop_id")
    return {
        "place": (moment, row["id"], source),
        "__typename": TYPENAMES[kind.partition("_")[0]],
        "id": f"gid://shopify/{TYPENAMES[kind.partition('_')[0]]}/{row['id']}{source}",
        "eventType": kind,
        "occurredAt": written(moment),
        "shop": None if shop is None else f"gid://shopify/Shop/{shop}",
        "subject": subject,
    }


def _of_app_events() -> Any:
    for row in rows_of("app_events", organization_id=1):
        if row["type"] in OF_APP_EVENTS:
            yield _event(OF_APP_EVENTS[row["type"]], row, 1, row["occurred_at"], f"gid://shopify/App/{row['app_id']}")


def _of_transactions() -> Any:
    themes: dict[str, int] = {}
    for row in rows_of("transactions", organization_id=1):
        kind = OF_SALES.get(row["type"])
        if kind is None and row["type"].startswith(("APP", "THEME")):
            gross = row["net_amount_cents"] if row["gross_amount_cents"] is None else row["gross_amount_cents"]
            kind = "EARNING_REFUND" if gross < 0 else "EARNING_ADJUSTMENT"
        if kind is None:
            continue
        subject = f"gid://shopify/App/{row['app_id']}"
        if row["theme_name"] is not None:
            subject = f"gid://shopify/Theme/{themes.setdefault(row['theme_name'], row['id'])}"
        yield _event(kind, row, 2, row["created_at"], subject)


def _of_changes() -> Any:
    for row in rows_of("subscription_changes", organization_id=1):
        held = rows_of("subscriptions", id=row["subscription_id"])[0]
        subject = f"gid://shopify/App/{held['app_id']}"
        yield _event(f"SUBSCRIPTION_{row['state']}", row | {"shop_id": held["shop_id"]}, 3, row["occurred_at"], subject)


def _of_cycles() -> Any:
    for row in rows_of("billing_cycles", organization_id=1):
        held = rows_of("subscriptions", id=row["subscription_id"])[0]
        subject = f"gid://shopify/App/{held['app_id']}"
        yield _event("CHARGE_RECURRING", row | {"shop_id": held["shop_id"]}, 4, row["charged_at"], subject)
