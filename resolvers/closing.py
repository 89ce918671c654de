"""What is open between a partner and a shop, and so would be closed by a block.

The two are parties to all of it, so that nothing of it asks what the viewer may see: a merchant blocks in every phase
of the marketplace, and has to be told what an act closes that can't be undone.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    Table,
    and_,
    bindparam,
    literal_column,
    select,
    union_all,
)

from gateway.models.block import partner_blocks
from gateway.models.collaborator import collaborators
from gateway.models.conversation import ConversationStatus, conversations
from gateway.models.invoice import InvoiceStatus, invoices
from gateway.models.job import ENDED_JOBS, ProposalStatus, jobs, proposals

Kind = Literal["conversations", "proposals", "jobs", "invoices", "collaborators"]

_ORGANIZATION, _SHOP = (bindparam(name, type_=BigInteger) for name in ("of_organization", "of_shop"))


def _of_both(table: Table, *conditions: ColumnElement[bool]) -> Select[Any]:
    here = (table.c.organization_id == _ORGANIZATION, table.c.shop_id == _SHOP)
    return select(_kind(table), table.c.id, table.c.status).where(*here, *conditions)


def _of_jobs(table: Table, status: str) -> Select[Any]:
    job = and_(jobs.c.organization_id == table.c.organization_id, jobs.c.id == table.c.job_id)
    here = (jobs.c.organization_id == _ORGANIZATION, jobs.c.shop_id == _SHOP, table.c.status == status)
    return select(_kind(table), table.c.id, table.c.status).select_from(table.join(jobs, job)).where(*here)


def _kind(table: Table) -> ColumnElement[str]:
    return literal_column(f"'{table.name}'", String)


_BLOCK = (partner_blocks.c.organization_id == _ORGANIZATION, partner_blocks.c.shop_id == _SHOP)
# One statement, so that what is told, and what the confirmation says, is of one moment.
OPEN = union_all(
    _of_both(conversations, conversations.c.status == ConversationStatus.ACTIVE),
    _of_jobs(proposals, ProposalStatus.SENT),
    _of_both(jobs, *(jobs.c.status != status for status in sorted(ENDED_JOBS))),
    _of_jobs(invoices, InvoiceStatus.OPEN),
    _of_both(collaborators, collaborators.c.ended_at.is_(None)),
    select(_kind(partner_blocks), partner_blocks.c.id, partner_blocks.c.reason).where(*_BLOCK),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A partner, by its organization and its own id, and a shop."""

    organization_id: int
    partner_id: int
    shop_id: int

    @property
    def bound(self) -> dict[str, int]:
        """What OPEN has bound."""
        return {"of_organization": self.organization_id, "of_shop": self.shop_id}


@dataclass(frozen=True, slots=True)
class Opened:
    """`statuses` are those of the open rows, by the table's name and the row's id."""

    pair: Pair
    statuses: Mapping[str, Mapping[int, str]]
    is_blocked: bool

    def ids(self, kind: Kind) -> list[int]:
        return sorted(self.statuses.get(kind, ()))

    @property
    def confirmation(self) -> str:
        """Another text as soon as a block would close other rows, or rows in other states."""
        told = [self.pair.partner_id, self.pair.organization_id, self.pair.shop_id]
        rows = sorted((kind, row_id, status) for kind, held in self.statuses.items() for row_id, status in held.items())
        return hashlib.sha256(json.dumps([told, rows]).encode()).hexdigest()


def opened(pair: Pair, rows: Any) -> Opened:
    """What the rows of OPEN say."""
    statuses: dict[str, dict[int, str]] = {}
    for kind, row_id, status in rows:
        statuses.setdefault(kind, {})[row_id] = str(status)
    is_blocked = statuses.pop(partner_blocks.name, None) is not None
    return Opened(pair, statuses, is_blocked)
