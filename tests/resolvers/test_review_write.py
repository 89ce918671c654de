"""Reviews: writing, publishing and rejecting them."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from harness import Gateway
from moments import NOW, Told, ask_at, at, context_at, executed, viewer
from records import added, audited, counts, newest
from sqlalchemy import insert, select, update

from gateway.handlers import HANDLERS
from gateway.ids import new_id
from gateway.jobs import Handlers, Worker
from gateway.models.deferred_job import deferred_jobs
from gateway.models.partner import partners
from gateway.models.review import reviews
from gateway.viewer import Viewer
from resolvers import review_publish
from resolvers.review_eligibility import Facts
from resolvers.review_write import check_create, check_reject

DOCUMENTS = Path(__file__).parents[2] / "fixtures/documents"
CREATE = """mutation ($input: ReviewCreateInput!, $key: String) {
  reviewCreate(input: $input, idempotencyKey: $key) {
    review {
      id partner { id } service { handle } shop { id } qualityRating communicationRating averageRating comment status
      submittedAt publishedAt
    }
    userErrors { code field message }
  }
}"""
REJECT = """mutation ($id: ID!, $reason: String!) {
  reviewReject(id: $id, reason: $reason) { review { id status } userErrors { code field message } }
}"""
PROFILE = """{
  partner(id: "gid://partners/Partner/1") {
    reviewCount averageQualityRating averageCommunicationRating
    reviews(serviceHandle: "CUSTOMIZE_THEME") { nodes { id comment shop { id } } }
  }
}"""
GIVEN = {
    "partnerId": "gid://partners/Partner/1",
    "serviceHandle": "CUSTOMIZE_THEME",
    "qualityRating": 5,
    "communicationRating": 4,
    "comment": " Raskt og pent.\n",
}
TOMORROW = NOW + timedelta(hours=24)
PENDING = "gid://partners/Review/4"


def create(gateway: Gateway, now=NOW, shop_id: int = 1, key: str | None = None, **given) -> Told:
    merchant = viewer(gateway, "MERCHANT", shop_id=shop_id, merchant_user_id={1: 1, 3: 3}.get(shop_id))
    return ask_at(gateway, now, merchant, CREATE, {"input": GIVEN | given, "key": key})


def reject(gateway: Gateway, review_id: str = PENDING, reason: str = "Advertising.", by: Viewer | None = None) -> Told:
    asking = by or viewer(gateway, "EMPLOYEE", employee_id=1)
    return ask_at(gateway, NOW, asking, REJECT, {"id": review_id, "reason": reason})


def errors(told: Told, name: str = "reviewCreate") -> list[tuple[str, str]]:
    """Each error's code and path; then there is no review."""
    payload = told.data[name]
    assert (payload["review"] is None) is bool(payload["userErrors"])
    return [(str(each["code"]), ".".join(each["field"])) for each in payload["userErrors"]]


def partner_row(gateway: Gateway) -> dict:
    return dict(gateway.rows(select(partners).where(partners.c.id == 1))[0]._mapping)


def publication(gateway: Gateway):
    """The only work of its kind."""
    (work,) = gateway.rows(select(deferred_jobs).where(deferred_jobs.c.kind == review_publish.KIND))
    return work


def test_a_review_waits_for_a_day_with_its_audit(fresh):
    before, totals = counts(fresh), partner_row(fresh)
    told = create(fresh)
    row = newest(fresh, reviews)
    assert told.data["reviewCreate"] == {
        "review": {
            "id": f"gid://partners/Review/{row['id']}",
            "partner": {"id": "gid://partners/Partner/1"},
            "service": {"handle": "CUSTOMIZE_THEME"},
            "shop": {"id": "gid://partners/Shop/1"},
            "qualityRating": 5,
            "communicationRating": 4,
            "averageRating": "4.50",
            "comment": "Raskt og pent.",
            "status": "PENDING",
            "submittedAt": "2026-11-22T12:00:00.000000Z",
            "publishedAt": None,
        },
        "userErrors": [],
    }
    # The facts, the review, its work, the audit; read back: the review with its partner, service and shop. PostgreSQL
    # locks the pair, and looks again.
    assert told.statements == (10 if fresh.database.is_postgresql else 8)
    assert added(fresh, before) == {"reviews": 1, "deferred_jobs": 1, "audit_entries": 1}
    (entry,) = audited(fresh, "the-request")
    assert (entry["action"], entry["subject"]) == ("reviewCreate", f"gid://partners/Review/{row['id']}")
    assert (entry["organization_id"], entry["before"], entry["after"]["status"]) == (1, None, "PENDING")
    assert (row["merchant_user_id"], row["publish_at"]) == (1, TOMORROW)
    assert newest(fresh, deferred_jobs)["run_at"] == TOMORROW
    # Nothing is counted yet, and nobody but the shop and support sees it.
    assert partner_row(fresh) == totals
    seen = {
        kind: ask_at(
            fresh, NOW, viewer(fresh, kind, **ids), f'{{ review(id: "gid://partners/Review/{row["id"]}") {{ id }} }}'
        )
        for kind, ids in (
            ("PARTNER", {"organization_id": 1}),
            ("EMPLOYEE", {"employee_id": 1}),
            ("MERCHANT", {"shop_id": 3}),
            ("ANONYMOUS", {}),
        )
    }
    assert [kind for kind, told in seen.items() if told.data["review"]] == ["EMPLOYEE"]


def test_a_review_is_published_when_its_time_has_come_and_counts_from_then_on(fresh):
    create(fresh)
    totals = partner_row(fresh)
    fresh.work(TOMORROW - timedelta(microseconds=1))
    assert newest(fresh, reviews)["status"] == "PENDING"
    assert partner_row(fresh) == totals
    assert "reviewPublish" in fresh.work(TOMORROW)
    row = newest(fresh, reviews)
    assert (row["status"], row["published_at"]) == ("PUBLISHED", TOMORROW)
    changed = {name: value - totals[name] for name, value in partner_row(fresh).items() if value != totals[name]}
    assert changed == {
        "review_count": 1,
        "quality_total_hundredths": 500,
        "communication_total_hundredths": 400,
        "average_rating_millionths": changed["average_rating_millionths"],
    }
    (entry,) = audited(fresh, f"reviewPublish-{publication(fresh).id}")
    assert entry == {
        "action": "reviewPublish",
        "actor": "system",
        "subject": f"gid://partners/Review/{row['id']}",
        "organization_id": 1,
        "before": {"status": "PENDING"},
        "after": {"status": "PUBLISHED", "published_at": TOMORROW.isoformat()},
    }
    # Once, however often somebody works.
    after = partner_row(fresh)
    assert "reviewPublish" not in fresh.work(TOMORROW + timedelta(minutes=30))
    assert partner_row(fresh) == after
    # Nobody learns who wrote it, but the shop itself.
    for asking in (viewer(fresh, "ANONYMOUS"), viewer(fresh, "PARTNER", organization_id=1)):
        profile = ask_at(fresh, TOMORROW, asking, PROFILE).data["partner"]
        assert profile["reviews"]["nodes"][0] == {
            "id": f"gid://partners/Review/{row['id']}",
            "comment": "Raskt og pent.",
            "shop": None,
        }
        assert profile["reviewCount"] == totals["review_count"] + 1
    own = ask_at(fresh, TOMORROW, viewer(fresh, "MERCHANT", shop_id=1), PROFILE).data["partner"]["reviews"]["nodes"][0]
    assert own["shop"] == {"id": "gid://partners/Shop/1"}


def test_the_wait_is_a_setting(template, tmp_path):
    with template.copy(tmp_path, review_published_after=1.5) as gateway:
        create(gateway)
        assert newest(gateway, reviews)["publish_at"] == NOW + timedelta(seconds=1.5)
        gateway.work(NOW + timedelta(seconds=1.5))
        assert newest(gateway, reviews)["status"] == "PUBLISHED"


def test_a_review_that_was_rejected_meanwhile_never_shows(fresh):
    created = create(fresh).data["reviewCreate"]["review"]["id"]
    totals = partner_row(fresh)
    assert errors(reject(fresh, created), "reviewReject") == []
    assert "reviewPublish" in fresh.work(TOMORROW)
    assert newest(fresh, reviews)["status"] == "REJECTED"
    assert partner_row(fresh) == totals
    assert publication(fresh).status == "DONE"


def test_a_rejection_between_the_look_and_the_write_wins(fresh):
    created = create(fresh).data["reviewCreate"]["review"]["id"]
    totals = partner_row(fresh)
    merchant = viewer(fresh, "EMPLOYEE", employee_id=1)

    class RejectedAfterTheLook:
        def __init__(self, database):
            self._database = database

        def __getattr__(self, name):
            return getattr(self._database, name)

        async def fetch(self, *arguments):
            found = await self._database.fetch(*arguments)
            await executed(context_at(fresh, NOW, merchant), REJECT, {"id": created, "reason": "No."})
            return found

    async def publish(work):
        work.database = RejectedAfterTheLook(work.database)
        await review_publish.publish(work)

    handlers = Handlers({review_publish.KIND: publish})
    fresh.runner.run(Worker(fresh.database, fresh.settings, handlers, clock=lambda: TOMORROW).run_due())
    work = publication(fresh)
    assert (work.status, work.last_error) == ("WAITING", "The review was rejected just now")
    assert newest(fresh, reviews)["status"] == "REJECTED"
    fresh.work(TOMORROW + timedelta(minutes=1))
    assert publication(fresh).status == "DONE"
    assert newest(fresh, reviews)["status"] == "REJECTED"
    assert partner_row(fresh) == totals


def test_two_pieces_of_work_for_one_review_count_it_once(fresh):
    create(fresh)
    totals = partner_row(fresh)
    again = dict(publication(fresh)._mapping) | {"id": new_id(), "unique_key": "another"}
    fresh.runner.run(
        fresh.database.run_sync(lambda connection: connection.execute(insert(deferred_jobs).values(again)))
    )

    async def both():
        workers = [
            Worker(fresh.database, fresh.settings, HANDLERS, clock=lambda: TOMORROW + timedelta(minutes=30))
            for _ in range(2)
        ]
        return await asyncio.gather(*(worker.run_due() for worker in workers))

    done = fresh.runner.run(both())
    assert sum(kinds.count(review_publish.KIND) for kinds in done) >= 2
    assert newest(fresh, reviews)["status"] == "PUBLISHED"
    assert partner_row(fresh)["review_count"] == totals["review_count"] + 1
    assert partner_row(fresh)["quality_total_hundredths"] == totals["quality_total_hundredths"] + 500


def test_reviews_that_came_with_other_records_are_published_too(fresh):
    """Those of the fixtures wait without any work."""
    fresh.work(NOW)
    totals = partner_row(fresh)
    later = at("2026-11-22T22:00:00Z")
    done = fresh.work(later)
    assert done.count("reviewPublish") == 2
    pending = fresh.rows(select(reviews.c.id).where(reviews.c.status == "PENDING"))
    assert (pending, partner_row(fresh)["review_count"]) == ([], totals["review_count"] + 1)
    assert "reviewPublish" not in fresh.work(later + timedelta(hours=2))


@pytest.mark.parametrize(
    ("now", "shop_id", "given", "expected"),
    [
        (NOW, 1, {"serviceHandle": "CUSTOMIZE_DESIGN"}, [("ALREADY_EXISTS", "input.serviceHandle")]),
        (at("2026-11-27T08:59:59Z"), 3, {"serviceHandle": "CUSTOMIZE_DESIGN"}, [("NOT_ELIGIBLE", "input.partnerId")]),
        (at("2026-11-27T09:00:00Z"), 3, {"serviceHandle": "CUSTOMIZE_DESIGN"}, []),
        (NOW, 4, {}, [("NOT_ELIGIBLE", "input.partnerId")]),
        (NOW, 2, {}, [("BLOCKED", "input.partnerId"), ("NOT_ELIGIBLE", "input.partnerId")]),
        (NOW, 5, {}, [("NOT_ELIGIBLE", "input.partnerId"), ("NOT_ELIGIBLE", "input")]),
        (NOW, 1, {"partnerId": "gid://partners/Partner/999"}, [("NOT_FOUND", "input.partnerId")]),
        (NOW, 1, {"partnerId": "gid://partners/Partner/3"}, [("NOT_FOUND", "input.partnerId")]),
        (
            NOW,
            4,
            {"partnerId": "gid://partners/Partner/6", "serviceHandle": "EMAIL_MARKETING"},
            [("NOT_ELIGIBLE", "input.partnerId")] * 2,
        ),
        (NOW, 1, {"serviceHandle": "TIME_TRAVEL"}, [("NOT_FOUND", "input.serviceHandle")]),
        (NOW, 1, {"serviceHandle": "HEADLESS_COMMERCE"}, [("NOT_FOUND", "input.serviceHandle")]),
        (NOW, 1, {"qualityRating": 0}, [("INVALID", "input.qualityRating")]),
        (NOW, 1, {"qualityRating": 6}, [("INVALID", "input.qualityRating")]),
        (NOW, 1, {"communicationRating": 0}, [("INVALID", "input.communicationRating")]),
        (NOW, 1, {"communicationRating": 6}, [("INVALID", "input.communicationRating")]),
        (NOW, 1, {"qualityRating": 1, "communicationRating": 1}, []),
        (NOW, 1, {"comment": "x" * 5_000}, []),
        (NOW, 1, {"comment": "x" * 5_001}, [("TOO_LONG", "input.comment")]),
        (NOW, 1, {"comment": "\x1b[2J"}, [("INVALID", "input.comment")]),
        (NOW, 1, {"comment": None}, []),
        (
            NOW,
            5,
            {
                "partnerId": "gid://partners/Partner/999",
                "serviceHandle": "TIME_TRAVEL",
                "qualityRating": -1,
                "communicationRating": 100,
                "comment": "x" * 5_001,
            },
            [
                ("NOT_FOUND", "input.partnerId"),
                ("NOT_FOUND", "input.serviceHandle"),
                ("NOT_ELIGIBLE", "input"),
                ("INVALID", "input.qualityRating"),
                ("INVALID", "input.communicationRating"),
                ("TOO_LONG", "input.comment"),
            ],
        ),
    ],
)
def test_a_review_is_refused_with_every_reason_and_nothing_is_written(fresh, now, shop_id, given, expected):
    before = counts(fresh)
    assert errors(create(fresh, now, shop_id, **given)) == expected
    assert (added(fresh, before) == {}) is bool(expected)


def test_a_merchant_is_told_from_when_on():
    facts = Facts(paid_plan_eligible=True, organization_id=1, listed=True, is_offered=True, activated_at=NOW)
    given = {"service_handle": "CUSTOMIZE_THEME", "quality_rating": 5, "communication_rating": 5}
    (reason,) = check_create(given, facts, NOW)
    assert reason.message == (
        "The partner has had access to your store for less than a week: review it from 2026-11-29T12:00:00.000000Z on"
    )


def test_a_blank_comment_is_none(fresh):
    assert create(fresh, comment=" \n").data["reviewCreate"]["review"]["comment"] is None


def test_a_client_sends_it_again_under_its_key(fresh):
    before, document = counts(fresh), (DOCUMENTS / "review.graphql").read_text(encoding="utf-8")
    variables = {name: GIVEN[name] for name in ("partnerId", "serviceHandle", "comment")}
    merchant = viewer(fresh, "MERCHANT", shop_id=1, merchant_user_id=1)
    first = ask_at(fresh, NOW, merchant, document, variables)
    assert ask_at(fresh, NOW + timedelta(hours=1), merchant, document, variables).data == first.data
    assert (first.data["reviewCreate"]["review"]["status"], errors(first)) == ("PENDING", [])
    assert added(fresh, before)["reviews"] == 1


@pytest.mark.parametrize(
    ("kind", "ids"), [("PARTNER", {"organization_id": 1}), ("EMPLOYEE", {"employee_id": 1}), ("ANONYMOUS", {})]
)
def test_others_than_merchants_write_no_review(shared, kind, ids):
    before = counts(shared)
    told = ask_at(shared, NOW, viewer(shared, kind, **ids), CREATE, {"input": GIVEN})
    assert errors(told) == [("NOT_ELIGIBLE", "input")]
    assert told.statements == 0
    assert added(shared, before) == {}


def test_ten_reviews_at_once_are_one(fresh):
    before = counts(fresh)
    merchant = viewer(fresh, "MERCHANT", shop_id=1)

    async def all_at_once() -> list[Told]:
        asked = (executed(context_at(fresh, NOW, merchant), CREATE, {"input": GIVEN}) for _ in range(10))
        return await asyncio.gather(*asked)

    found = sorted(str(errors(told)) for told in fresh.runner.run(all_at_once()))
    assert found == sorted(["[]", *[str([("ALREADY_EXISTS", "input.serviceHandle")])] * 9])
    assert added(fresh, before) == {"reviews": 1, "deferred_jobs": 1, "audit_entries": 1}


def test_ten_reviews_at_once_with_one_key_are_one_review_and_ten_equal_answers(fresh):
    before = counts(fresh)
    merchant = viewer(fresh, "MERCHANT", shop_id=1)

    async def all_at_once() -> list[Told]:
        variables = {"input": GIVEN, "key": "k"}
        return await asyncio.gather(*(executed(context_at(fresh, NOW, merchant), CREATE, variables) for _ in range(10)))

    answers = fresh.runner.run(all_at_once())
    assert errors(answers[0]) == []
    assert [told.data for told in answers] == [answers[0].data] * 10
    assert added(fresh, before) == {"reviews": 1, "deferred_jobs": 1, "audit_entries": 1, "idempotency_keys": 1}


def test_support_rejects_a_review_with_its_audit(fresh):
    before = counts(fresh)
    told = reject(fresh, reason=" Advertising. ")
    assert told.data["reviewReject"] == {"review": {"id": PENDING, "status": "REJECTED"}, "userErrors": []}
    # The review is locked, changed, audited; then read back.
    assert told.statements == 4
    assert added(fresh, before) == {"audit_entries": 1}
    (row,) = fresh.rows(select(reviews).where(reviews.c.id == 4))
    assert (row.rejected_at, row.rejection_reason, row.published_at) == (NOW, "Advertising.", None)
    (entry,) = audited(fresh, "the-request")
    assert {name: entry[name] for name in ("action", "subject", "organization_id", "before", "after")} == {
        "action": "reviewReject",
        "subject": PENDING,
        "organization_id": 1,
        "before": {"status": "PENDING"},
        "after": {"status": "REJECTED", "rejected_at": NOW.isoformat(), "rejection_reason": "Advertising."},
    }
    assert errors(reject(fresh), "reviewReject") == [("WRONG_STATE", "id")]


@pytest.mark.parametrize(
    ("review_id", "reason", "expected"),
    [
        ("gid://partners/Review/1", "Advertising.", [("WRONG_STATE", "id")]),
        ("gid://partners/Review/5", "Advertising.", [("WRONG_STATE", "id")]),
        ("gid://partners/Review/999", "Advertising.", [("NOT_FOUND", "id")]),
        (PENDING, " \n", [("BLANK", "reason")]),
        (PENDING, "x" * 1_001, [("TOO_LONG", "reason")]),
        ("gid://partners/Review/1", "", [("WRONG_STATE", "id"), ("BLANK", "reason")]),
    ],
)
def test_a_rejection_is_refused_with_every_reason_and_nothing_is_written(shared, review_id, reason, expected):
    before, held = counts(shared), shared.rows(select(reviews).order_by(reviews.c.id))
    assert errors(reject(shared, review_id, reason), "reviewReject") == expected
    assert added(shared, before) == {}
    assert shared.rows(select(reviews).order_by(reviews.c.id)) == held


def test_the_longest_reason_is_taken():
    assert list(check_reject("PENDING", "x" * 1_000)) == []


@pytest.mark.parametrize(
    ("kind", "ids"),
    [("PARTNER", {"organization_id": 1}), ("MERCHANT", {"shop_id": 3, "merchant_user_id": 4}), ("ANONYMOUS", {})],
)
def test_nobody_but_support_rejects(shared, kind, ids):
    before, held = counts(shared), shared.rows(select(reviews).order_by(reviews.c.id))
    told = reject(shared, by=viewer(shared, kind, **ids))
    assert errors(told, "reviewReject") == [("NOT_FOUND", "id")]
    assert told.statements == 0
    assert added(shared, before) == {}
    assert shared.rows(select(reviews).order_by(reviews.c.id)) == held


def test_a_listing_that_ends_keeps_nobody_from_being_counted(fresh):
    """What was written while it was listed is published; it only shows when it is listed again."""
    create(fresh)
    fresh.runner.run(
        fresh.database.run_sync(
            lambda connection: connection.execute(update(partners).where(partners.c.id == 1).values(listed=False))
        )
    )
    fresh.work(TOMORROW)
    assert newest(fresh, reviews)["status"] == "PUBLISHED"
    anonymous = ask_at(fresh, TOMORROW, viewer(fresh, "ANONYMOUS"), PROFILE)
    assert anonymous.data["partner"] is None
