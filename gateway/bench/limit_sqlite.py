"""What SQLite can do at best: one statement checks the token and builds the whole answer as JSON text."""

import asyncio
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import cast

from sqlalchemy import make_url

from gateway.bench import limit_events
from gateway.settings import Settings

# SQLite works in C without the interpreter's lock; more threads than this wait for each other all the same.
THREADS = 4


def _gid(typename: str, column: str) -> str:
    return f"'gid://partners/{typename}/' || {column}"


def _messages(columns: str, *, last: bool = False, size: int) -> str:
    """A page of the conversation `c`; json_group_array takes the rows in the order of its subquery."""
    order = "sent_at ASC, id ASC" if last else "sent_at DESC, id DESC"
    held = "organization_id = c.organization_id AND conversation_id = c.id"
    rows = f"SELECT * FROM messages WHERE {held} ORDER BY {order} LIMIT {size}"
    if last:
        rows = f"SELECT * FROM ({rows}) ORDER BY sent_at DESC, id DESC"
    return f"json_object('nodes', (SELECT json_group_array(json_object({columns})) FROM ({rows}) m))"


_SHORT = f"'id', {_gid('Message', 'm.id')}, 'body', m.body, 'sentAt', m.sent_at"
_LONG = f"{_SHORT}, 'sentVia', m.sent_via"

# Moments are kept in the form in which they are sent.
_ONE = f"""
    json_object('data', json_object('job', (
        SELECT json_object(
            'id', {_gid("Job", "j.id")},
            'status', j.status,
            'createdAt', j.created_at,
            'lastEventAt', j.last_event_at,
            'confirmedCompleted', json(CASE j.confirmed_completed WHEN 0 THEN 'false' ELSE 'true' END))
        FROM jobs j WHERE j.organization_id = caller.organization_id AND j.id = :argument)))
"""

_LIST = f"""
    (SELECT json_object('data', json_object('conversations', json_object('nodes',
        json_group_array(json_object(
            'id', {_gid("Conversation", "c.id")},
            'status', c.status,
            'createdAt', c.created_at,
            'merchantUser', (
                SELECT json_object('id', {_gid("MerchantUser", "u.id")}, 'name', u.name)
                FROM merchant_users u WHERE u.id = c.merchant_user_id),
            'newest', {_messages(_SHORT, size=3)},
            'oldest', {_messages(_SHORT, size=3, last=True)})))))
    FROM (
        SELECT * FROM conversations WHERE organization_id = caller.organization_id
        ORDER BY created_at DESC, id DESC LIMIT :argument) c)
"""

_JOB = f"""
    json_object(
        'id', {_gid("Job", "j.id")},
        'status', j.status,
        'createdAt', j.created_at,
        'shop', (
            SELECT json_object('id', {_gid("Shop", "s.id")}, 'name', s.name, 'myshopifyDomain', s.myshopify_domain)
            FROM shops s WHERE s.id = j.shop_id),
        'services', (
            SELECT json_group_array(json_object('handle', handle, 'name', name)) FROM (
                SELECT v.handle, v.name FROM job_services a JOIN services v ON v.id = a.service_id
                WHERE a.organization_id = j.organization_id AND a.job_id = j.id ORDER BY a.position)),
        'requirements', (
            SELECT json_group_array(json_object('question', question, 'responses', json(responses))) FROM (
                SELECT r.question, r.responses FROM job_requirements r
                WHERE r.organization_id = j.organization_id AND r.job_id = j.id ORDER BY r.position)),
        'conversation', (
            SELECT json_object(
                'id', {_gid("Conversation", "c.id")},
                'status', c.status,
                'messages', {_messages(_LONG, size=10)})
            FROM conversations c WHERE c.organization_id = j.organization_id AND c.id = j.conversation_id))
"""

_PAGE = f"""
    (SELECT json_object('data', json_object('jobs', json_object('nodes', json_group_array({_JOB}))))
    FROM (
        SELECT * FROM jobs WHERE organization_id = caller.organization_id
        ORDER BY created_at DESC, id DESC LIMIT :argument) j)
"""

_CALLER = """
    FROM api_clients caller
    WHERE caller.kind = 'PARTNER'
      AND (caller.token_hash = :hash OR (caller.previous_token_hash = :hash AND caller.previous_expires_at > :now))
      AND caller.revoked_at IS NULL AND (caller.expires_at IS NULL OR caller.expires_at > :now)
"""

# No row: the token is no good. A null: it is another organization's.
STATEMENTS = {
    name: f"SELECT CASE WHEN caller.organization_id = :organization THEN {answer} END {_CALLER}"
    for name, answer in {"one": _ONE, "list": _LIST, "page": _PAGE, "events": limit_events.SQLITE}.items()
}

EXPORT = f"SELECT {_JOB} FROM jobs j WHERE j.organization_id = :organization ORDER BY j.created_at DESC, j.id DESC"


class SqliteLimit:
    """A connection for each of a few threads."""

    def __init__(self, settings: Settings) -> None:
        self._file = make_url(settings.database_url).database or ""
        self._threads = ThreadPoolExecutor(THREADS)
        self._local = threading.local()

    async def open(self) -> None:
        """Threads connect when they are first asked."""

    async def fetch(self, name: str, parameters: tuple[object, ...]) -> tuple[bytes | None] | None:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._fetch, name, parameters)

    def _fetch(self, name: str, parameters: tuple[object, ...]) -> tuple[bytes | None] | None:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = sqlite3.connect(self._file)
            # Text is sent on as the bytes that it is kept as.
            connection.text_factory = bytes
        token_hash, now, organization, argument = parameters
        bound = {
            "hash": token_hash,
            "now": _wire(cast("datetime", now)),
            "organization": organization,
            "argument": argument,
        }
        row: tuple[bytes | None] | None = connection.execute(STATEMENTS[name], bound).fetchone()
        return row

    async def close(self) -> None:
        self._threads.shutdown()


def _wire(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
