"""A partner and a shop: nothing passes between them once the shop has blocked the partner.

Whoever writes from one to the other (a lead, a message, a request for access), and the block itself, locks the pair
before it looks or writes. So a block waits for what is just being sent, and what comes after it is refused. Locks are
taken in one order: the idempotency key's row, the pair, then rows.
"""

import hashlib

from sqlalchemy import ColumnElement, bindparam, exists, func, select

from gateway.models.block import partner_blocks
from gateway.models.partner import partners
from resolvers import visibility
from resolvers.scope import Scope
from resolvers.write import Write

_LOCK = select(func.pg_advisory_xact_lock(bindparam("pair")))


async def lock_pair(write: Write, organization_id: int, shop_id: int) -> None:
    """Until the transaction ends; what others committed meanwhile is seen by the statements that follow.

    SQLite has one writer at a time, so that nothing has to be locked there.
    """
    if write.is_postgresql:
        await write.execute(_LOCK, {"pair": _number(organization_id, shop_id)})


async def organization_of(write: Write, scope: Scope, partner_id: int) -> int | None:
    """Whose partner it is; None where the viewer sees no partner of that id."""
    visible = (visibility.VISIBLE[partners](scope), partners.c.id == partner_id)
    whose = select(partners.c.organization_id).where(*visible).order_by(partners.c.organization_id).limit(1)
    return (await write.execute(whose)).scalar()  # type: ignore[no-any-return] # a column of ids


def is_blocked(organization_id: int, shop_id: int) -> ColumnElement[bool]:
    """Whether there is a block between the two, as a condition; for good, since a block is never taken back."""
    own = (partner_blocks.c.organization_id == organization_id, partner_blocks.c.shop_id == shop_id)
    return exists().where(*own)


def _number(organization_id: int, shop_id: int) -> int:
    """The pair as one of the 64-bit numbers that PostgreSQL locks. Two pairs with one number only wait in vain."""
    digest = hashlib.blake2b(f"partner {organization_id} shop {shop_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
