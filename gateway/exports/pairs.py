"""Records of two sides, told apart and matched."""

from hashlib import blake2b

import orjson

from gateway.exports.reader import Record

SERVER, ARCHIVE = 0, 1


class Pairs:
    """Records of two sides, matched as they come in.

    Both sides are sorted alike, so only records that are out of step wait here: memory holds the differences.
    """

    def __init__(self) -> None:
        self.waiting: tuple[dict[str, list[bytes]], dict[str, list[bytes]]] = ({}, {})
        self.changed: list[str] = []

    def meet(self, side: int, identity: str, digest: bytes) -> None:
        others = self.waiting[1 - side]
        if identity not in others:
            self.waiting[side].setdefault(identity, []).append(digest)
            return
        digests = others[identity]
        if digest in digests:
            digests.remove(digest)
        else:
            digests.pop()
            self.changed.append(identity)
        if not digests:
            del others[identity]

    def unmatched(self, side: int) -> list[str]:
        return [identity for identity, digests in self.waiting[side].items() for _ in digests]


def identity_of(record: Record) -> str:
    """Events and subscriptions have no id, so all that says which one it is stands in its place."""
    if "id" in record:
        return str(record["id"])
    subject = record.get("charge") or record.get("appCredit") or {}
    parts = [record.get("app"), record.get("shop"), subject]
    ids = [str(part.get("id")) for part in parts if part]
    said = [record.get("type") or record.get("__typename"), record.get("occurredAt")]
    return " ".join([str(each) for each in said if each] + ids)


def digest_of(record: Record) -> bytes:
    return blake2b(orjson.dumps(record, option=orjson.OPT_SORT_KEYS), digest_size=16).digest()
