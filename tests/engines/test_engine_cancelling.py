"""A request that is cancelled ends what it began, and a failure in one place takes nothing from the others."""

import asyncio
import gc
import warnings
from typing import Any

import pytest
from small_schema import Small, gives, lists, rows

from gateway.execution.rows import Rows
from gateway.execution.sources import Batch, Call

# A coroutine that nobody waits for is a warning.
pytestmark = pytest.mark.filterwarnings("error")

SDL = """
    type Query { things: [Thing!]!  slow: Thing  pets: [Pet!] }
    interface Pet { other: Thing }
    type Cat implements Pet { id: ID!  other: Thing }
    type Dog implements Pet { id: ID!  other: Thing }
    type Thing { id: ID!  size: Int  other: Thing  third: Thing }
    type Mutation { first: Thing }
"""


@pytest.fixture(autouse=True)
def _nothing_is_left_of_other_tests():
    """What they dropped would be collected here, and its warnings would be taken for ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


THREE = lists(rows("id size", ("1", 1), ("2", 2), ("3", 3)), 3)


class Slow:
    """A batch function that waits until it is let go or cancelled, and remembers which of both it was."""

    def __init__(self, failing: Exception | None = None) -> None:
        self.began = 0
        self.cancelled = 0
        self.ended = 0
        self.open = asyncio.Event()
        self._failing = failing

    async def __call__(self, parents: Rows, _call: Call) -> Rows:
        self.began += 1
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            if self._failing is not None:
                raise self._failing from None
            raise
        self.ended += 1
        return rows("id", *[("9",)] * len(parents))

    @property
    def batch(self) -> Batch:
        return Batch(self)


def run(main: Any) -> None:
    """Neither a task nor a warning nor an error that nobody looked at may be left."""
    complaints: list[Any] = []

    async def watched() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: complaints.append(context))
        async with asyncio.timeout(5):
            await main()
        await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(watched())
    gc.collect()
    assert complaints == []


async def cancelled(small: Small, document: str) -> bool:
    executing = asyncio.create_task(small.execute(document))
    await asyncio.sleep(0.01)
    executing.cancel()
    await asyncio.wait({executing})
    return executing.cancelled()


@pytest.mark.parametrize("failing", [None, ValueError("while it was cancelled")])
@pytest.mark.parametrize(
    ("document", "began"),
    [
        ("{ slow { id } }", 1),
        ("{ things { other { id } } slow { id } }", 2),
        ("{ things { other { id } size } }", 1),
        ("{ things { a: other { id } b: other { id } third { id } } }", 2),
        ("{ pets { other { id } } slow { id } }", 3),
        ("mutation { first { id } }", 1),
    ],
)
def test_a_request_that_is_cancelled_cancels_what_it_waits_for(document, began, failing):
    async def main():
        slow = Slow(failing)
        pets = gives([rows("id", ("1",), ("2",), typenames=["Cat", "Dog"])])
        places = ("Query.slow", "Thing.other", "Thing.third", "Cat.other", "Dog.other", "Mutation.first")
        sources = {"Query.things": gives(THREE), "Query.pets": pets}
        small = Small(SDL, sources | dict.fromkeys(places, slow.batch))
        # A batch function that fails instead of letting itself be cancelled is only asked to leave nothing behind.
        assert await cancelled(small, document) or failing is not None
        assert (slow.began, slow.cancelled, slow.ended) == (began, began, 0)

    run(main)


def test_siblings_go_on_where_one_field_fails():
    async def main():
        slow, sources = Slow(), {"Query.things": gives(THREE), "Thing.third": gives(ValueError("no"))}
        small = Small(SDL, sources | {"Thing.other": slow.batch, "Query.slow": slow.batch})
        executing = asyncio.create_task(small.execute("{ things { third { id } other { id } } slow { id } }"))
        await asyncio.sleep(0.01)
        assert not executing.done()
        slow.open.set()
        result = await executing
        assert result.data == {"things": [{"third": None, "other": {"id": "9"}}] * 3, "slow": {"id": "9"}}
        assert [error.path for error in result.errors] == [["things", place, "third"] for place in range(3)]

    run(main)


def test_a_shared_fetch_that_fails_fails_each_of_its_fields():
    async def main():
        small = Small(SDL, {"Query.things": gives(THREE), "Thing.other": gives(ValueError("no"))})
        result = await small.execute("{ things { a: other { id } b: other { id } } }")
        assert result.data == {"things": [{"a": None, "b": None}] * 3}
        assert len(result.errors) == 6

    run(main)


def test_a_fault_of_the_engine_itself_fails_the_field_and_no_more():
    class Nothing:
        """What no plan can build an object of."""

    async def main():
        sources = {"Query.pets": gives([[Nothing()]]), "Query.slow": gives(rows("id", ("1",)))}
        result = await Small(SDL, sources).execute("{ pets { other { id } } slow { id } }")
        assert result.data == {"pets": None, "slow": {"id": "1"}}
        assert [error.path for error in result.errors] == [["pets"]]

    run(main)
