"""Requests that are under way together."""

import asyncio
from typing import Any

from harness import NEWEST, Answer, Gateway


def at_once(gateway: Gateway, document: str, variables: dict[str, Any]) -> list[Answer]:
    """The same request twice, as organization 1."""

    async def both() -> list[Answer]:
        body = {"query": document, "variables": variables}
        headers = {"X-Shopify-Access-Token": gateway.partner}
        return await asyncio.gather(*(gateway._post(f"/api/{NEWEST}/graphql.json", body, headers) for _ in range(2)))

    return gateway.runner.run(both())
