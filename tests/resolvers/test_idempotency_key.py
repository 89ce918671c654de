"""Mutations that are sent twice: one effect, and the first answer again."""

import ast
import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from harness import NEWEST, Answer, Gateway
from records import added, counts
from sqlalchemy import select
from test_eventsink import ARN, CREATE, GIVEN, NO_ARN

import resolvers
from gateway.errors import Busy, Reason, UserErrorCode
from gateway.execution.rows import ROOT
from gateway.execution.sources import Call
from gateway.ids import new_id
from gateway.models.api_client import api_clients
from gateway.models.eventsink import eventsinks
from gateway.models.idempotency_key import idempotency_keys
from gateway.viewer import Viewer, ViewerKind
from resolvers.context import Context
from resolvers.gid import gid
from resolvers.idempotency_key import KEPT, fingerprint, prune
from resolvers.mutation import mutation

REUSED = {
    "code": "IDEMPOTENCY_KEY_REUSED",
    "field": ["idempotencyKey"],
    "message": "The key was used before with other arguments: send each request under a key of its own",
}
DELETE = """mutation ($id: ID!) {
  eventsinkDelete(id: $id, appId: "gid://partners/App/1", topic: CUSTOMER_EVENTS_CREATE) { id userErrors { code } }
}"""
MADE = {"eventsinks": 1, "audit_entries": 1, "idempotency_keys": 1}
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def create(gateway: Gateway, key: str | bytes, token: str | None = "", **given) -> Answer:
    return gateway.ask(CREATE, {"input": GIVEN | given}, token=token, headers={"Idempotency-Key": key})


def test_the_same_key_and_arguments_give_the_first_answer_again(fresh):
    before = counts(fresh)
    first = create(fresh, "a")
    # Looked for, taken; the app, the sink, the audit; the answer kept. Then the sink is read back, and its queues.
    assert first.statements == 8
    again = create(fresh, "a")
    assert again.data == first.data
    assert again.data["eventsinkCreate"]["success"]
    assert again.statements == 3
    assert added(fresh, before) == MADE


def test_other_arguments_are_refused(fresh):
    create(fresh, "a")
    before = counts(fresh)
    answer = create(fresh, "a", awsUserArn=ARN + "2")
    assert answer.data["eventsinkCreate"] == {"success": False, "eventsink": None, "userErrors": [REUSED]}
    # Even where they would be refused for themselves.
    assert create(fresh, "a", awsUserArn="x").data["eventsinkCreate"]["userErrors"] == [REUSED]
    assert added(fresh, before) == {}


def test_another_caller_and_another_mutation_have_keys_of_their_own(fresh):
    before = counts(fresh)
    made = create(fresh, "a").data["eventsinkCreate"]["eventsink"]
    other = create(fresh, "a", fresh.other_partner, appId="gid://partners/App/3").data["eventsinkCreate"]
    assert other["success"]
    assert other["eventsink"]["id"] != made["id"]
    deleted = fresh.ask(DELETE, {"id": "gid://partners/Eventsink/1"}, headers={"Idempotency-Key": "a"})
    assert deleted.data == {"eventsinkDelete": {"id": "gid://partners/Eventsink/1", "userErrors": []}}
    assert added(fresh, before)["idempotency_keys"] == 3


def test_what_was_deleted_is_told_again_though_it_is_no_longer_there(fresh):
    asked = {"variables": {"id": "gid://partners/Eventsink/1"}}
    told = [fresh.ask(DELETE, **asked, headers={"Idempotency-Key": "a"}).data for _ in range(2)]
    assert told == [{"eventsinkDelete": {"id": "gid://partners/Eventsink/1", "userErrors": []}}] * 2
    assert fresh.ask(DELETE, **asked).data["eventsinkDelete"]["userErrors"] == [{"code": "NOT_FOUND"}]


def test_a_refusal_is_not_kept_so_that_what_was_mended_succeeds(fresh):
    before = counts(fresh)
    refused = create(fresh, "a", awsUserArn="x")
    assert refused.data["eventsinkCreate"]["userErrors"] == [NO_ARN]
    assert added(fresh, before) == {}
    assert create(fresh, "a").data["eventsinkCreate"]["success"]


def test_a_quoted_header_is_the_key_within_the_quotes(fresh):
    first = create(fresh, '"a \\"b\\" c"').data
    assert create(fresh, 'a "b" c').data == first
    assert create(fresh, "ключ".encode()).data["eventsinkCreate"]["userErrors"][0]["code"] == "ALREADY_EXISTS"


@pytest.mark.parametrize(("key", "code"), [("x" * 255, None), ("x" * 256, "TOO_LONG"), ("", "BLANK"), ('" "', "BLANK")])
def test_a_key_has_up_to_255_characters(fresh, key, code):
    errors = create(fresh, key).data["eventsinkCreate"]["userErrors"]
    assert [error["code"] for error in errors] == ([code] if code else [])


def test_the_header_goes_with_one_mutation_and_means_nothing_to_a_query(fresh):
    headers = {"Idempotency-Key": "a"}
    one = f"mutation {{ __typename a: {FIELD} a: {FIELD} }}"
    assert fresh.ask(one, headers=headers).data["a"] == {"success": True}
    before = counts(fresh)
    two = fresh.ask(f"mutation {{ a: {FIELD} ...on MutationRoot {{ b: {FIELD} }} }}", headers=headers)
    message = "The header Idempotency-Key goes with one mutation: give each its argument `idempotencyKey` instead"
    assert two.body == {"errors": [{"message": message, "extensions": {"code": "IDEMPOTENCY_KEY_AMBIGUOUS"}}]}
    # What is left out does not count.
    assert fresh.ask(f"mutation {{ a: {FIELD} ... @skip(if: true) {{ b: {FIELD} }} }}", headers=headers).data == {
        "a": {"success": True}
    }
    assert added(fresh, before) == {}
    assert fresh.ask("{ a: __typename b: __typename }", headers=headers).data["a"] == "QueryRoot"


FIELD = (
    f'eventsinkCreate(input: {{appId: "gid://partners/App/1", topic: CUSTOMERS_REDACT, awsUserArn: "{ARN}x"}})'
    " { success }"
)


def test_who_holds_no_token_is_refused_as_without_a_key(shared):
    before = counts(shared)
    assert create(shared, "a", None).data["eventsinkCreate"]["userErrors"][0]["code"] == "NOT_FOUND"
    assert added(shared, before) == {}


def test_a_hundred_calls_at_once_have_one_effect_and_one_answer(fresh):
    before = counts(fresh)

    async def all_at_once() -> list[Answer]:
        body = {"query": CREATE, "variables": {"input": GIVEN}}
        headers = {"X-Shopify-Access-Token": fresh.partner, "Idempotency-Key": "a"}
        return await asyncio.gather(*(fresh._post(f"/api/{NEWEST}/graphql.json", body, headers) for _ in range(100)))

    answers = fresh.runner.run(all_at_once())
    assert answers[0].data["eventsinkCreate"]["success"]
    assert [answer.body for answer in answers] == [answers[0].body] * 100
    assert added(fresh, before) == MADE


def test_the_answer_survives_the_process(fresh):
    first = create(fresh, "a")
    after_restart = Gateway(fresh.settings, fresh.tokens)
    try:
        assert create(after_restart, "a").data == first.data
    finally:
        after_restart.close()


def context_of(gateway: Gateway, **options) -> Context:
    client_id = gateway.rows(select(api_clients.c.id).order_by(api_clients.c.id).limit(1))[0].id
    viewer = Viewer(ViewerKind.PARTNER, client_id=client_id, organization_id=1)
    return Context(viewer, gateway.database, gateway.settings, NOW, "the-request", **options)


def sink(arn: str) -> dict:
    ids = {"organization_id": 1, "id": new_id(), "app_id": 1}
    return ids | {"topic": "CUSTOMERS_REDACT", "aws_user_arn": arn, "created_at": NOW}


def told(gateway: Gateway, batch, context: Context | None = None, **arguments) -> tuple:
    """The payload's values, with the errors as (code, path, message)."""
    rows = gateway.runner.run(batch.function(ROOT, Call(context or context_of(gateway), arguments)))
    *values, errors = rows[0]
    return (*values, [tuple(error.row) for error in errors])


@mutation("id")
async def insert_sink(call: Call) -> tuple:
    assert "idempotency_key" not in call.arguments
    context: Context = call.context
    async with context.write() as write:
        row = sink(call.arguments["arn"])
        await write.insert(eventsinks, row)
        write.audit("eventsinkCreate", gid("Eventsink", row["id"]), organization_id=1, after=row)
        return write.answers(row["id"])


def test_the_argument_does_what_the_header_does_and_must_agree_with_it(fresh):
    before = counts(fresh)
    first = told(fresh, insert_sink, arn="1", idempotency_key="k")
    assert first[1:] == (True, [])
    assert told(fresh, insert_sink, context_of(fresh, idempotency_header="k"), arn="1") == first
    assert told(fresh, insert_sink, context_of(fresh, idempotency_header="k"), arn="1", idempotency_key="k") == first
    message = "The argument and the header Idempotency-Key differ: send one of them, or the same key in both"
    differing = told(fresh, insert_sink, context_of(fresh, idempotency_header="j"), arn="1", idempotency_key="k")
    assert differing == (None, False, [("INVALID", ["idempotencyKey"], message)])
    assert added(fresh, before) == MADE
    assert told(fresh, insert_sink, arn="2", idempotency_key=None)[1]
    assert added(fresh, before) == MADE | {"eventsinks": 2, "audit_entries": 2}


def test_characters_are_counted_and_not_their_bytes(fresh):
    assert told(fresh, insert_sink, arn="1", idempotency_key="𝒦" * 255)[1:] == (True, [])
    errors = told(fresh, insert_sink, arn="2", idempotency_key="𝒦" * 256)[2]
    assert errors == [("TOO_LONG", ["idempotencyKey"], "A key has at most 255 characters")]


def test_a_write_that_fails_keeps_no_key(fresh):
    @mutation("id")
    async def fail(call: Call) -> tuple:
        async with call.context.write() as write:
            await write.insert(eventsinks, sink("1"))
            raise LookupError

    before = counts(fresh)
    with pytest.raises(LookupError):
        told(fresh, fail, idempotency_key="k")
    assert added(fresh, before) == {}


def test_a_write_that_does_not_say_what_it_answers_is_our_bug(fresh):
    @mutation("id")
    async def say_nothing(call: Call) -> tuple:
        async with call.context.write() as write:
            write.audit("nothing", "gid://partners/App/1", organization_id=1)
        return (1,)

    before = counts(fresh)
    with pytest.raises(RuntimeError, match="what it answers"):
        told(fresh, say_nothing, idempotency_key="k")
    assert added(fresh, before) == {}


def test_a_refusal_that_wrote_something_is_told_again_and_not_written_again(fresh):
    @mutation("id")
    async def guess(call: Call) -> tuple:
        async with call.context.write() as write:
            write.audit("wrongGuess", "gid://partners/App/1", organization_id=1)
            write.refuses(Reason(UserErrorCode.INVALID, ("code",), "No {what} has this code", {"what": "shop"}))
        raise AssertionError

    before = counts(fresh)
    refused = (None, False, [("INVALID", ["code"], "No shop has this code")])
    assert [told(fresh, guess, idempotency_key="k") for _ in range(2)] == [refused] * 2
    assert added(fresh, before) == {"audit_entries": 1, "idempotency_keys": 1}
    assert told(fresh, guess) == refused
    assert added(fresh, before) == {"audit_entries": 2, "idempotency_keys": 1}


def test_a_call_is_answered_again_where_only_its_own_effect_refuses_it(fresh):
    """It looked for its key a moment before the same call beside it was done, and then met what that one had made."""

    @mutation("id")
    async def meet_it(call: Call) -> tuple:
        await insert_sink.function(ROOT, Call(other_context, {"arn": "1", "idempotency_key": "other"}))
        other = {"mutation": context.claim.mutation, "fingerprint": context.claim.fingerprint, "key": "k"}
        change = idempotency_keys.update().where(idempotency_keys.c.key == "other").values(**other)
        async with fresh.database.transaction() as connection:
            await fresh.database.execute(connection, change)
        async with call.context.write():
            raise AssertionError

    context, other_context = context_of(fresh), context_of(fresh)
    values = told(fresh, meet_it, context, idempotency_key="k")
    assert values == (fresh.rows(select(eventsinks.c.id).order_by(eventsinks.c.id.desc()))[0].id, True, [])


@pytest.mark.parametrize(("times", "succeeds"), [(1, True), (8, True), (9, False)])
def test_a_write_that_lost_to_another_is_run_again_as_a_whole(fresh, times, succeeds):
    runs = []

    @mutation("id")
    async def lose(call: Call) -> tuple:
        runs.append(1)
        async with call.context.write() as write:
            row = sink("1")
            await write.insert(eventsinks, row)
            if len(runs) <= times:
                raise Busy
            write.audit("eventsinkCreate", gid("Eventsink", row["id"]), organization_id=1, after=row)
            return write.answers(row["id"])

    before = counts(fresh)
    if succeeds:
        assert told(fresh, lose, idempotency_key="k")[1]
        assert added(fresh, before) == MADE
    else:
        with pytest.raises(Busy):
            told(fresh, lose, idempotency_key="k")
        assert added(fresh, before) == {}
    assert len(runs) == min(times, 8) + 1


def test_two_writes_that_lock_each_other_both_succeed(fresh):
    """On PostgreSQL one of them is undone for the deadlock, and run again; SQLite has one writer at a time."""
    first_two = [1, 2]

    @mutation()
    async def touch_both(call: Call) -> tuple:
        async with call.context.write() as write:
            for sink_id in call.arguments["order"]:
                touched = eventsinks.update().where(eventsinks.c.id == sink_id).values(topic="CUSTOMERS_REDACT")
                await write.execute(touched.values(aws_user_arn=f"{call.arguments['order']}{sink_id}"))
                await asyncio.sleep(0.1)
            write.audit("touch", "gid://partners/App/1", organization_id=1)
            return write.answers()

    async def both() -> list:
        orders = (first_two, first_two[::-1])
        calls = [touch_both.function(ROOT, Call(context_of_both, {"order": order})) for order in orders]
        return [rows[0][0] for rows in await asyncio.gather(*calls)]

    context_of_both = context_of(fresh)
    assert fresh.runner.run(both()) == [True, True]


def test_keys_are_forgotten_after_their_time_and_not_before(fresh):
    create(fresh, "a")
    made_at = fresh.rows(select(idempotency_keys.c.created_at))[0].created_at
    assert timedelta(hours=24) < KEPT

    def pruned(now: datetime) -> int:
        return fresh.runner.run(prune(fresh.database, now))

    assert pruned(made_at + KEPT) == 0
    assert pruned(made_at + KEPT + timedelta(microseconds=1)) == 1
    assert create(fresh, "a").data["eventsinkCreate"]["userErrors"][0]["code"] == "ALREADY_EXISTS"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"a": 1, "b": {"c": 1, "d": 2}}, {"b": {"d": 2, "c": 1}, "a": 1}, True),
        ({"a": Decimal("1.50")}, {"a": Decimal("1.5")}, True),
        ({"a": Decimal("-0")}, {"a": Decimal("0.00")}, True),
        ({"a": Decimal("1E+2")}, {"a": Decimal(100)}, True),
        ({"a": NOW}, {"a": NOW.astimezone(UTC)}, True),
        ({"a": ViewerKind.PARTNER}, {"a": "PARTNER"}, True),
        ({"a": [1, 2]}, {"a": [2, 1]}, False),
        ({"a": None}, {}, False),
        ({"a": "1"}, {"a": 1}, False),
        ({"a": "b", "c": ""}, {"a": "", "c": "b"}, False),
    ],
)
def test_arguments_that_mean_the_same_have_one_fingerprint(one, other, same):
    assert (fingerprint(one) == fingerprint(other)) is same


def test_every_mutation_says_what_it_answers():
    """Else it would fail under a key, which any mutation may come with."""
    silent = [
        f"{path.stem}.{function.name}"
        for path in sorted(Path(resolvers.__path__[0]).rglob("*.py"))
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.AsyncFunctionDef)
        and any(ast.unparse(each).startswith("mutation(") for each in function.decorator_list)
        and ".write()" in ast.unparse(function)
        and ".answers(" not in ast.unparse(function)
    ]
    assert silent == []
