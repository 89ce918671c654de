"""Access to shops, as partners ask for it, merchants give it and support records logins."""

from datetime import UTC, datetime, timedelta
from typing import Any

from harness import Answer, Gateway
from moments import Told, ask_at, viewer
from sqlalchemy import delete, insert, update

from gateway.models.collaborator import collaborators

SEEN = "{ collaborator { id status } userErrors { code field message } }"
CREATE = """mutation ($input: CollaboratorRequestCreateInput!, $key: String) {
  collaboratorRequestCreate(input: $input, idempotencyKey: $key) {
    collaborator {
      id status permissions message requestedAt activatedAt lastLoginAt expiresAt endedAt
      organization { id } partner { id } shop { id }
    }
    userErrors { code field message }
  }
}"""
DOCUMENTS = {
    "accept": f"""mutation ($id: ID!, $permissions: [StorePermission!]) {{
      collaboratorRequestAccept(id: $id, permissions: $permissions) {SEEN}
    }}""",
    "decline": f"mutation ($id: ID!) {{ collaboratorRequestDecline(id: $id) {SEEN} }}",
    "cancel": f"mutation ($id: ID!) {{ collaboratorRequestCancel(id: $id) {SEEN} }}",
    "update": f"""mutation ($id: ID!, $permissions: [StorePermission!]! = [HOME]) {{
      collaboratorPermissionsUpdate(id: $id, permissions: $permissions) {SEEN}
    }}""",
    "remove": f"mutation ($id: ID!) {{ collaboratorRemove(id: $id) {SEEN} }}",
    "login": f"mutation ($id: ID!) {{ collaboratorLoginRecord(id: $id) {SEEN} }}",
}
# Organization 1 asks shop 5, which nobody has access to yet.
GIVEN = {
    "shopDomain": "quiet-harbour.myshopify.com",
    "requestCode": "8342",
    "permissions": ["THEMES", "PRODUCTS"],
    "message": "To repair your theme.",
}
NUMBER = 101
ID = f"gid://partners/Collaborator/{NUMBER}"
# The clock of requests is the real one: what has ended did so long ago, and what lasts does so for long.
PAST, AHEAD = datetime(2020, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)
_GIVEN = {"activated_at": PAST, "expires_at": AHEAD}
# Collaborator 101, organization 1's in shop 1, in each state that it may be in.
STATES: dict[str, dict[str, Any]] = {
    "REQUESTED": {"status": "REQUESTED"},
    "ACTIVE": {"status": "ACTIVE"} | _GIVEN,
    "ACTIVE, and due to end": {"status": "ACTIVE", "activated_at": PAST, "expires_at": PAST + timedelta(days=90)},
    "DECLINED": {"status": "DECLINED", "ended_at": PAST},
    "CANCELLED": {"status": "CANCELLED", "ended_at": PAST},
    "REMOVED": {"status": "REMOVED", "ended_at": PAST} | _GIVEN,
    "EXPIRED": {"status": "EXPIRED", "ended_at": PAST} | _GIVEN,
}
_OPEN = {"activated_at": None, "last_login_at": None, "expires_at": None, "ended_at": None}


def run(gateway: Gateway, *statements: Any) -> None:
    for statement in statements:
        gateway.runner.run(gateway.database.run_sync(lambda connection, each=statement: connection.execute(each)))


def bring_to(gateway: Gateway, state: str, **more: Any) -> None:
    """Collaborator 101 is in that state, whatever it was in before; no other is open between the two."""
    row = {"organization_id": 1, "id": NUMBER, "shop_id": 1, "permissions": ["HOME", "THEMES"], "message": "Hello."}
    row |= {"requested_at": PAST} | _OPEN | STATES[state] | more
    of_both = (collaborators.c.organization_id == 1, collaborators.c.shop_id == 1)
    run(gateway, delete(collaborators).where(*of_both), insert(collaborators).values(row))


def set_row(gateway: Gateway, number: int, **values: Any) -> None:
    run(gateway, update(collaborators).where(collaborators.c.id == number).values(**values))


def create(gateway: Gateway, token: str | None = "", key: str | None = None, **given: Any) -> Answer:
    """As organization 1, or with another token; with None as nobody."""
    headers = {"X-Request-Id": "the-request"}
    return gateway.ask(CREATE, {"input": GIVEN | given, "key": key}, token=token, headers=headers)


def create_at(gateway: Gateway, now: datetime, **given: Any) -> Told:
    """As organization 1, at another moment."""
    asking = viewer(gateway, "PARTNER", organization_id=1)
    return ask_at(gateway, now, asking, CREATE, {"input": GIVEN | given})


def take(gateway: Gateway, step: str, token: str | None, number: int = NUMBER, **given: Any) -> Answer:
    variables = {"id": f"gid://partners/Collaborator/{number}"} | given
    return gateway.ask(DOCUMENTS[step], variables, token=token, headers={"X-Request-Id": "the-request"})


def take_at(gateway: Gateway, now: datetime, step: str, kind: str, **ids: int) -> str:
    told = ask_at(gateway, now, viewer(gateway, kind, **ids), DOCUMENTS[step], {"id": ID})
    return outcome_of(told.data)


def outcome(answer: Answer) -> str:
    """The state that the collaborator is in now, or the code of the one reason against it."""
    if "errors" in answer.body:
        [(_, code)] = answer.codes
        return code
    return outcome_of(answer.body["data"])


def outcome_of(data: Any) -> str:
    [payload] = data.values()
    if payload["collaborator"] is not None:
        assert payload["userErrors"] == []
        return str(payload["collaborator"]["status"])
    [error] = payload["userErrors"]
    return str(error["code"])
