"""Records in the numbers that a test asks for, always the same ones."""

from datetime import UTC, datetime, timedelta
from typing import Any

from export_schema import SDL_WITH_SUBSCRIPTIONS
from export_server import Api

Record = dict[str, Any]
NEWEST = datetime(2023, 9, 30, tzinfo=UTC)
LONG_CONVERSATION = 2000


def some_api(jobs: int = 600, conversations: int = 40, transactions: int = 520, events: int = 300) -> Api:
    """Of the conversations, the eighth has 2,000 messages. Two apps are in transactions, App/3 is in none."""
    return Api(
        jobs=[_job(n) for n in range(jobs)],
        conversations=[_conversation(n, LONG_CONVERSATION if n == 7 else n % 9) for n in range(conversations)],
        transactions=[_transaction(n) for n in range(transactions)],
        apps=[_app(number, events if number < 3 else 5) for number in (1, 2, 3)],
    )


def with_subscriptions(api: Api, events: int = 120, shops: int = 60) -> Api:
    """Events 9 days apart, the oldest of them three years old; every other shop that one names has a subscription."""
    api.schema_text = SDL_WITH_SUBSCRIPTIONS
    app = {"id": "gid://shopify/App/1", "name": "App 1", "apiKey": "key1"}
    api.events = [
        {
            "id": f"gid://shopify/Charge/{n}",
            "eventType": "CHARGE_USAGE",
            "occurredAt": _at(n * 9 * 24),
            "shop": _shop(n % shops) | {"id": f"gid://shopify/Shop/{1000 + n % shops}"},
            "subject": {"__typename": "AppReference", **app},
        }
        for n in range(events)
    ]
    api.subscriptions = [
        {
            "app": app,
            "shop": event["shop"],
            "billingPeriod": "EVERY_30_DAYS",
            "cancelAtEndOfCycle": False,
            "items": [
                {"handle": "base", "description": None, "price": {"active": True, "currency": "USD", "amount": "9.00"}}
            ],
        }
        for event in api.events[:shops:2]
    ]
    return api


def keep_few(api: Api) -> None:
    """For tests that wait between requests."""
    api.jobs, api.conversations, api.transactions = api.jobs[:10], api.conversations[:3], api.transactions[:10]
    for app in api.apps:
        del app["events"][5:]


def count_messages(conversations: int = 40) -> int:
    return sum(LONG_CONVERSATION if n == 7 else n % 9 for n in range(conversations))


def gid(kind: str, number: int) -> str:
    return f"gid://partners/{kind}/{number}"


def _at(n: int) -> str:
    return (NEWEST - timedelta(hours=n)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _money(n: int) -> Record:
    return {"amount": f"{n}.50", "currencyCode": "USD"}


def _shop(n: int) -> Record:
    return {
        "__typename": "Shop",
        "id": gid("Shop", n % 50),
        "name": f"Café {n % 50} ☕",
        "avatarUrl": None,
        "myshopifyDomain": f"shop-{n % 50}.myshopify.com",
    }


def _job(n: int) -> Record:
    return {
        "id": gid("Job", 100_000 - n),
        "status": "COMPLETED",
        "createdAt": _at(n),
        "lastEventAt": _at(n - 1),
        "confirmedCompleted": n % 2 == 0,
        "dashboardUrl": f"https://partners.example/jobs/{n}",
        "shop": _shop(n),
        "conversation": None if n % 3 else {"id": gid("Conversation", n)},
        "requirements": [{"question": "What?\nA line", "responses": ["Theme", "App"]}],
        "services": [{"handle": "themes", "name": "Themes"}],
        "proposals": [
            {"id": gid("Proposal", n), "status": "SENT", "createdAt": _at(n), "description": "…", "amount": _money(n)}
        ],
        "invoices": [
            {
                "id": gid("Invoice", n),
                "number": f"#{n}",
                "status": "PAID",
                "issuedAt": _at(n),
                "paidAt": _at(n),
                "amount": _money(n),
                "sale": {"id": gid("ServiceSale", n)},
            }
        ],
    }


def _conversation(n: int, messages: int) -> Record:
    user = {"__typename": "MerchantUser", "id": gid("MerchantUser", n), "name": "Ada", "timezone": "Europe/Berlin"}
    return {
        "id": gid("Conversation", 100_000 - n),
        "status": "ACTIVE",
        "createdAt": _at(n),
        "lastEventAt": _at(n),
        "hasUnreadMessages": False,
        "dashboardUrl": f"https://partners.example/conversations/{n}",
        "merchantUser": user,
        "messages": [
            {
                "id": gid("Message", n * 10_000 + place),
                "sentAt": _at(n),
                "sentVia": "EMAIL",
                "body": None if place % 5 == 0 else f'Message {place} of {n}, with \u2028 and "quotes"',
                "fileUrls": ["https://files.example/a.png"] if place % 4 == 0 else [],
                "sentBy": user if place % 2 else _shop(n),
            }
            for place in range(messages)
        ],
    }


def _transaction(n: int) -> Record:
    base: Record = {"id": gid("Transaction", 100_000 - n), "createdAt": _at(n), "shop": _shop(n)}
    sale = {"grossAmount": _money(n), "netAmount": _money(n), "shopifyFee": None}
    app = {"id": gid("App", n % 2 + 1), "name": f"App {n % 2 + 1}", "apiKey": f"key{n % 2 + 1}"}
    return [
        {**base, **sale, "__typename": "AppUsageSale", "app": app, "chargeId": f"gid://shopify/AppUsageRecord/{n}"},
        {**base, **sale, "__typename": "AppUsageSale", "app": app, "chargeId": None},
        {**base, **sale, "__typename": "ServiceSale"},
        {**base, "__typename": "ReferralTransaction", "category": "AFFILIATE_STORES", "amount": _money(n)},
        {**base, "__typename": "TaxTransaction", "type": "REFERRAL_COMMISSION", "amount": _money(n)},
    ][n % 5]


def _app(number: int, events: int) -> Record:
    app: Record = {"id": gid("App", number), "name": f"App {number}", "apiKey": f"key{number}"}
    charge = {"id": gid("AppSubscription", 1), "name": "Plan", "test": False, "amount": _money(1), "billingOn": None}
    app["events"] = [
        {"__typename": "SubscriptionChargeAccepted", "type": "SUBSCRIPTION_CHARGE_ACCEPTED", "charge": charge}
        if n % 2
        else {"__typename": "RelationshipUninstalled", "type": "RELATIONSHIP_UNINSTALLED", "reason": "Too slow"}
        for n in range(events)
    ]
    for n, event in enumerate(app["events"]):
        event |= {"app": {"id": app["id"]}, "occurredAt": _at(n), "shop": _shop(n)}
    return app
