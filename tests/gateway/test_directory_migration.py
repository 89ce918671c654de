"""Records that were there before the directory keep all that they had, and learn what it needs."""

from collections.abc import Callable
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError
from test_migrations import on

from gateway.migrations import config, upgrade

BEFORE, AFTER = "0006", "0007"
HELD = """
    INSERT INTO organizations (id, name, created_at) VALUES (1, 'Nordlys', '2015-03-02T09:14:27Z');
    INSERT INTO shops (id, name, myshopify_domain) VALUES (1, 'One', 'one'), (2, 'Two', 'two');
    INSERT INTO services (id, handle, name, position) VALUES
        (1, 'customize-theme', 'Themes', 1), (2, 'of-old', 'Of old', 2);
    INSERT INTO jobs (organization_id, id, shop_id, status, confirmed_completed, created_at, last_event_at)
    VALUES (1, 1, 1, 'NEW', false, '2023-01-01T00:00:00Z', '2023-01-01T00:00:00Z');
    INSERT INTO job_services (organization_id, job_id, position, service_id) VALUES (1, 1, 0, 2), (1, 1, 1, 1)
"""


def fill(connection: Connection) -> None:
    upgrade(connection, BEFORE)
    for statement in HELD.split(";"):
        connection.execute(text(statement))


def read(statement: str) -> Callable[[Connection], list[Any]]:
    return lambda connection: [tuple(row) for row in connection.execute(text(statement))]


def go_on(connection: Connection) -> None:
    upgrade(connection, AFTER)


def test_what_jobs_asked_for_is_kept_and_services_learn_what_replaces_them(new_url):
    url = new_url()
    on(url, fill)
    asked = read("SELECT job_id, position, service_id FROM job_services ORDER BY position")
    services = on(
        url, lambda connection: upgrade(connection, AFTER), read("SELECT id, replacement_handle FROM services")
    )
    assert sorted(services) == [(1, "CUSTOMIZE_THEME"), (2, None)]
    assert on(url, asked) == [(1, 0, 2), (1, 1, 1)]
    on(url, lambda connection: command.downgrade(config(connection), BEFORE))
    assert on(url, asked) == [(1, 0, 2), (1, 1, 1)]


def test_shops_get_a_code_and_are_not_eligible_until_somebody_says_so(new_url):
    url = new_url()
    on(url, fill)
    shops = on(url, go_on, read("SELECT id, paid_plan_eligible, request_code FROM shops"))
    assert [(shop_id, bool(eligible)) for shop_id, eligible, _ in sorted(shops)] == [(1, False), (2, False)]
    assert all(len(code) == 4 and code.isdecimal() for _, _, code in shops)


@pytest.mark.parametrize("code", ["123", "12a4", "12 4", ""])
def test_a_request_code_is_four_digits(shared, code):
    with pytest.raises(Exception, match="ck_shops_request_code"):
        shared.rows(text("UPDATE shops SET request_code = :code").bindparams(code=code))


REFUSED = {
    "UPDATE service_offerings SET max_price_cents = 1 WHERE id = 1": "ck_service_offerings_prices",
    "UPDATE service_offerings SET min_price_cents = NULL WHERE id = 1": "ck_service_offerings_prices",
    "UPDATE service_offerings SET min_price_cents = 300001 WHERE id = 2": "ck_service_offerings_prices",
    "UPDATE service_offerings SET max_price_cents = NULL WHERE id = 2": "ck_service_offerings_prices",
    "UPDATE service_offerings SET min_price_cents = 0 WHERE id = 3": "ck_service_offerings_prices",
    "UPDATE service_offerings SET min_price_cents = -1 WHERE id = 1": "ck_service_offerings_min_price_cents",
    "UPDATE partners SET quality_total_hundredths = 6001 WHERE id = 2": "ck_partners_quality_total_hundredths",
    "UPDATE partners SET communication_total_hundredths = 1 WHERE id = 2": "ck_partners_communication_total_hundredths",
    "UPDATE partners SET listed_at = NULL WHERE id = 1": "ck_partners_listed_at",
    "UPDATE reviews SET quality_rating = 6 WHERE id = 1": "ck_reviews_quality_rating",
    "UPDATE reviews SET communication_rating = 0 WHERE id = 1": "ck_reviews_communication_rating",
    "UPDATE reviews SET status = 'PUBLISHED' WHERE id = 4": "ck_reviews_published_at",
    "UPDATE reviews SET status = 'REJECTED' WHERE id = 4": "ck_reviews_rejected_at",
    "UPDATE leads SET currency_code = NULL WHERE id = 1": "ck_leads_currency_code",
    "UPDATE refund_requests SET amount_cents = 0 WHERE id = 1": "ck_refund_requests_amount_cents",
    "UPDATE refund_requests SET status = 'AGREED' WHERE id = 1": "ck_refund_requests_agreed",
    "UPDATE refund_requests SET status = 'SUBMITTED' WHERE id = 2": "ck_refund_requests_submitted_at",
    "UPDATE refund_requests SET status = 'APPROVED' WHERE id = 3": "ck_refund_requests_(resolved_at|adjustment_id)",
    "UPDATE collaborators SET ended_at = requested_at WHERE id = 1": "ck_collaborators_ended_at",
    "UPDATE collaborators SET status = 'ACTIVE' WHERE id = 4": "ck_collaborators_(activated|expires)_at",
    # A second one that is open between the two; a second block; a second partner of one organization.
    "UPDATE collaborators SET status = 'ACTIVE', ended_at = NULL WHERE id = 7": "uq_collaborators_open|UNIQUE",
    "UPDATE partner_blocks SET organization_id = 2, partner_id = 2, shop_id = 8 WHERE id = 1": (
        "uq_partner_blocks_organization_id_shop_id|UNIQUE"
    ),
    "UPDATE reviews SET service_handle = 'CUSTOMIZE_THEME', shop_id = 3 WHERE id = 1": "uq_reviews_|UNIQUE",
}


@pytest.mark.parametrize("statement", REFUSED)
def test_rows_that_mean_nothing_are_refused_by_the_database(shared, statement):
    with pytest.raises(IntegrityError, match=REFUSED[statement]):
        shared.runner.run(shared.database.run_sync(lambda connection: connection.execute(text(statement))))
