"""Before anything is measured: all servers answer the same."""

from collections.abc import Iterable, Sequence
from typing import Any

import httpx

from gateway.bench.documents import Document
from gateway.bench.processes import Server
from gateway.bench.trouble import Trouble


async def ask(client: httpx.AsyncClient, server: Server, document: Document) -> Any:
    """The answer's data. Raises Trouble where there is an error."""
    headers = {"X-Shopify-Access-Token": server.token, "Content-Type": "application/json"}
    url = f"http://127.0.0.1:{server.port}{server.path}"
    response = await client.post(url, content=document.body(), headers=headers)
    answer = response.json()
    if response.status_code != 200 or "errors" in answer:
        raise Trouble(f"{server.subject} refuses {document.name}: {response.text[:300]}")
    return answer["data"]


async def check_parity(servers: Sequence[Server], asked: Iterable[Document]) -> None:
    async with httpx.AsyncClient(timeout=60) as client:
        for document in asked:
            expected = await ask(client, servers[0], document)
            for server in servers[1:]:
                if await ask(client, server, document) != expected:
                    raise Trouble(f"{server.subject} answers {document.name} otherwise than {servers[0].subject}")
