"""What PostgreSQL can do at best: one statement checks the token and builds the whole answer as JSON text."""

import asyncpg

from gateway.bench import limit_events
from gateway.settings import Settings


def _moment(column: str) -> str:
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def _gid(typename: str, column: str) -> str:
    return f"'gid://partners/{typename}/' || {column}"


def _messages(columns: str, *, last: bool = False, size: int) -> str:
    """A page of the conversation `c`. What a row holds is named in a subquery: row_to_json is the quickest of all."""
    order = "m.sent_at ASC, m.id ASC" if last else "m.sent_at DESC, m.id DESC"
    held = "m.organization_id = c.organization_id AND m.conversation_id = c.id"
    kept = ", m.sent_at AS moment, m.id AS number" if last else ""
    rows = f"SELECT {columns}{kept} FROM messages m WHERE {held} ORDER BY {order} LIMIT {size}"
    if last:
        rows = f"""SELECT id, body, "sentAt" FROM ({rows}) turned ORDER BY moment DESC, number DESC"""
    return f"json_build_object('nodes', (SELECT coalesce(json_agg(row_to_json(m)), '[]') FROM ({rows}) m))"


_SHORT = f"""{_gid("Message", "m.id")} AS id, m.body, {_moment("m.sent_at")} AS "sentAt" """
_LONG = f"""{_SHORT}, m.sent_via AS "sentVia" """

_ONE = f"""
    json_build_object('data', json_build_object('job', (
        SELECT json_build_object(
            'id', {_gid("Job", "j.id")},
            'status', j.status,
            'createdAt', {_moment("j.created_at")},
            'lastEventAt', {_moment("j.last_event_at")},
            'confirmedCompleted', j.confirmed_completed)
        FROM jobs j WHERE j.organization_id = caller.organization_id AND j.id = $4)))
"""

_LIST = f"""
    (SELECT json_build_object('data', json_build_object('conversations', json_build_object('nodes',
        coalesce(json_agg(json_build_object(
            'id', {_gid("Conversation", "c.id")},
            'status', c.status,
            'createdAt', {_moment("c.created_at")},
            'merchantUser', json_build_object('id', {_gid("MerchantUser", "u.id")}, 'name', u.name),
            'newest', {_messages(_SHORT, size=3)},
            'oldest', {_messages(_SHORT, size=3, last=True)}) ORDER BY c.created_at DESC, c.id DESC), '[]'))))
    FROM (
        SELECT * FROM conversations WHERE organization_id = caller.organization_id
        ORDER BY created_at DESC, id DESC LIMIT $4) c
    JOIN merchant_users u ON u.id = c.merchant_user_id)
"""

_PAGE = f"""
    (SELECT json_build_object('data', json_build_object('jobs', json_build_object('nodes',
        coalesce(json_agg(json_build_object(
            'id', {_gid("Job", "j.id")},
            'status', j.status,
            'createdAt', {_moment("j.created_at")},
            'shop', json_build_object(
                'id', {_gid("Shop", "s.id")}, 'name', s.name, 'myshopifyDomain', s.myshopify_domain),
            'services', (
                SELECT coalesce(json_agg(json_build_object('handle', v.handle, 'name', v.name)
                                         ORDER BY a.position), '[]')
                FROM job_services a JOIN services v ON v.id = a.service_id
                WHERE a.organization_id = j.organization_id AND a.job_id = j.id),
            'requirements', (
                SELECT coalesce(json_agg(json_build_object('question', r.question, 'responses', r.responses)
                                         ORDER BY r.position), '[]')
                FROM job_requirements r WHERE r.organization_id = j.organization_id AND r.job_id = j.id),
            'conversation', (
                SELECT json_build_object(
                    'id', {_gid("Conversation", "c.id")},
                    'status', c.status,
                    'messages', {_messages(_LONG, size=10)})
                FROM conversations c
                WHERE c.organization_id = j.organization_id AND c.id = j.conversation_id)
            ) ORDER BY j.created_at DESC, j.id DESC), '[]'))))
    FROM (
        SELECT * FROM jobs WHERE organization_id = caller.organization_id
        ORDER BY created_at DESC, id DESC LIMIT $4) j
    JOIN shops s ON s.id = j.shop_id)
"""

_CALLER = """
    FROM api_clients caller
    WHERE caller.kind = 'PARTNER'
      AND (caller.token_hash = $1 OR (caller.previous_token_hash = $1 AND caller.previous_expires_at > $2))
      AND caller.revoked_at IS NULL AND (caller.expires_at IS NULL OR caller.expires_at > $2)
"""

# No row: the token is no good. A null: it is another organization's.
STATEMENTS = {
    name: f"SELECT CASE WHEN caller.organization_id = $3 THEN {answer} END AS answer {_CALLER}"
    for name, answer in {"one": _ONE, "list": _LIST, "page": _PAGE, "events": limit_events.POSTGRESQL}.items()
}

# A job a row, as `page` shows it, for the export; `$4` takes no part in it.
_EACH = _PAGE.split("coalesce(json_agg(", 1)[1].split(") ORDER BY j.created_at", 1)[0]
EXPORT = f"""
    SELECT {_EACH}) FROM jobs j JOIN shops s ON s.id = j.shop_id
    WHERE j.organization_id = $1 ORDER BY j.created_at DESC, j.id DESC
"""


class PostgresqlLimit:
    """A pool whose connections are handed on as they are, and give JSON as the bytes that came."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def open(self) -> None:
        self._pool = await asyncpg.create_pool(
            self._settings.database_url,
            min_size=1,
            max_size=self._settings.database_pool_size,
            init=_take_json_as_bytes,
            reset=_leave,
        )

    async def fetch(self, name: str, parameters: tuple[object, ...]) -> tuple[bytes | None] | None:
        row: tuple[bytes | None] | None = await self._pool.fetchrow(STATEMENTS[name], *parameters)
        return row

    async def close(self) -> None:
        await self._pool.close()


async def _take_json_as_bytes(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec("json", schema="pg_catalog", format="binary", encoder=bytes, decoder=bytes)


async def _leave(_connection: asyncpg.Connection) -> None:
    """Nothing in a connection changes, so there is nothing to reset."""
