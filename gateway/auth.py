"""Token → Viewer, with one statement. When a client was last seen is noted afterwards, outside of its request."""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, case, or_, select, update

from gateway.db import Database
from gateway.errors import NotFound, Unauthorized, Unavailable
from gateway.models.api_client import api_clients
from gateway.moments import moment_of
from gateway.tokens import token_hash
from gateway.viewer import ANONYMOUS, ApiPermission, Viewer, ViewerKind

NOTED_EVERY = timedelta(minutes=1)
# A change is heard of at once; should that fail unnoticed, a token is looked up again after this time.
KEPT_FOR = timedelta(seconds=30)
MOST_KNOWN = 10_000
# Ours have 47 characters; what is longer than any token might be is not worth a statement.
MAX_TOKEN_LENGTH = 200

_c = api_clients.c
_now = bindparam("now", type_=_c.created_at.type)
_before = bindparam("before", type_=_c.created_at.type)
_hash: BindParameter[str] = bindparam("token_hash")

_BY_TOKEN = select(
    _c.id,
    _c.kind,
    _c.organization_id,
    _c.shop_id,
    _c.merchant_user_id,
    _c.employee_id,
    _c.permissions,
    or_(_c.last_used_at.is_(None), _c.last_used_at < _before).label("is_due"),
    _c.expires_at,
    case((_c.token_hash != _hash, _c.previous_expires_at)).label("grace_until"),
).where(
    or_(_c.token_hash == _hash, and_(_c.previous_token_hash == _hash, _c.previous_expires_at > _now)),
    _c.revoked_at.is_(None),
    or_(_c.expires_at.is_(None), _c.expires_at > _now),
)

# The second condition keeps several workers from noting the same minute one after another.
_NOTE = (
    update(api_clients)
    .where(_c.id == bindparam("client_id"), or_(_c.last_used_at.is_(None), _c.last_used_at < _before))
    .values(last_used_at=_now)
)

_KNOWN_PERMISSIONS = frozenset(ApiPermission)
_log = logging.getLogger("gateway.auth")


class Known:
    """Tokens that were found not long ago, for as long as nothing changes among the API clients."""

    def __init__(self) -> None:
        self._generation: int | None = None
        self._viewers: dict[str, tuple[Viewer, datetime]] = {}

    def get(self, digest: str, generation: int | None, now: datetime) -> Viewer | None:
        if generation is None or generation != self._generation:
            return None
        viewer, until = self._viewers.get(digest, (None, now))
        return viewer if until > now else None

    def keep(self, digest: str, generation: int | None, viewer: Viewer, *, until: datetime) -> None:
        """`generation` is that of before the token was looked up: what changed since makes it unknown again."""
        if generation != self._generation or len(self._viewers) >= MOST_KNOWN:
            self._generation = generation
            self._viewers.clear()
        self._viewers[digest] = viewer, until


class Authenticator:
    """One a process: it remembers tokens, and which notes are on their way."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._noting: dict[int, asyncio.Task[None]] = {}
        self._known = Known()

    async def viewer(self, token: str | None, *, now: datetime) -> Viewer:
        """ANONYMOUS for None. Raises Unauthorized for a token that is unknown, revoked or expired."""
        if token is None:
            return ANONYMOUS
        if not token or len(token) > MAX_TOKEN_LENGTH:
            raise Unauthorized
        digest, generation = token_hash(token), self._database.changes.generation()
        viewer = self._known.get(digest, generation, now)
        return viewer or await self._found(digest, generation, now)

    async def _found(self, digest: str, generation: int | None, now: datetime) -> Viewer:
        asked = {"token_hash": digest, "now": now, "before": now - NOTED_EVERY}
        rows = await self._database.fetch(_BY_TOKEN, asked)
        if not rows:
            raise Unauthorized
        *client, is_due, expires_at, grace_until = rows[0]
        viewer = _viewer(*client)
        if is_due:
            self._note(client[0], now)
        until = min([now + KEPT_FOR, *(moment_of(end) for end in (expires_at, grace_until) if end is not None)])
        self._known.keep(digest, generation, viewer, until=until)
        return viewer

    def _note(self, client_id: int, now: datetime) -> None:
        if client_id not in self._noting:
            task = self._noting[client_id] = asyncio.create_task(self._write_note(client_id, now))
            task.add_done_callback(lambda _: self._noting.pop(client_id, None))

    async def _write_note(self, client_id: int, now: datetime) -> None:
        values = {"client_id": client_id, "now": now, "before": now - NOTED_EVERY}
        try:
            async with self._database.transaction() as connection:
                await self._database.execute(connection, _NOTE, values)
        except Unavailable as error:
            _log.warning("That API client %d was used could not be noted: %s", client_id, error.message)
        except Exception:  # noqa: BLE001 - whatever it is, no request may fail of it
            _log.warning("That API client %d was used could not be noted", client_id, exc_info=True)

    async def close(self) -> None:
        """Waits for the notes that are on their way."""
        await asyncio.gather(*self._noting.values(), return_exceptions=True)


def check_organization(viewer: Viewer, organization_id: str) -> None:
    """Raises NotFound unless the path's organization is the token's own. Compared as text: a path holds any digits."""
    if viewer.kind is not ViewerKind.PARTNER or str(viewer.organization_id) != organization_id:
        raise NotFound("Not Found: no such organization for this token")


def _viewer(client_id: int, kind: str, *holder: Any) -> Viewer:
    organization_id, shop_id, merchant_user_id, employee_id, permissions = holder
    return Viewer(
        kind=ViewerKind(kind),
        client_id=client_id,
        organization_id=organization_id,
        shop_id=shop_id,
        merchant_user_id=merchant_user_id,
        employee_id=employee_id,
        # A newer release may have granted what this one does not know yet.
        permissions=frozenset(ApiPermission(name) for name in permissions if name in _KNOWN_PERMISSIONS),
    )
