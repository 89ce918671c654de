"""The words that a partner is found by follow its name, description and services, whichever way they change."""

import pytest
from harness import Gateway
from sqlalchemy import Connection, text

from fixtures.search import words_gathered_at_the_end
from gateway.models.partner import folded

FIND = {
    "sqlite": (
        "SELECT rowid FROM partner_search WHERE partner_search MATCH :words ORDER BY bm25(partner_search, 10, 4, 1)"
    ),
    "postgresql": (
        "SELECT organization_id FROM partner_search WHERE document @@ to_tsquery('simple', :words)"
        " ORDER BY ts_rank(document, to_tsquery('simple', :words)) DESC"
    ),
}


def found(connection: Connection, words: str) -> list[int]:
    """Organizations whose partners have words that begin so, best first."""
    dialect = connection.dialect.name
    parts = folded(words).split()
    asked = " ".join(f'"{part}"*' for part in parts) if dialect == "sqlite" else " & ".join(f"{p}:*" for p in parts)
    return [row[0] for row in connection.execute(text(FIND[dialect]), {"words": asked})]


class Undone(Exception):
    pass


class Changing:
    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway

    def find(self, words: str, *changes: str) -> list[int]:
        """What is found after the changes, which are then undone."""
        held: list[list[int]] = []

        def work(connection: Connection) -> None:
            for change in changes:
                connection.execute(text(change))
            held.append(found(connection, words))
            raise Undone

        with pytest.raises(Undone):
            self.gateway.runner.run(self.gateway.database.run_sync(work))
        return held[0]


@pytest.fixture
def changing(shared: Gateway) -> Changing:
    return Changing(shared)


@pytest.mark.parametrize(
    ("words", "organizations"),
    [
        ("Nordlys", [1]),
        ("nord comm", [1]),
        ("trang khuyet", [2]),
        ("TRĂNG KHUYẾT", [2]),
        ("giao dien", [2]),
        ("ærlig", [4, 1]),
        ("aerlig", [4, 1]),
        ("空の", [3]),
        ("山猫", [6]),
        ("b2b", [5]),
        ("wholesale", [5]),
        ("headless", [4]),
        ("nothing of the kind", []),
    ],
)
def test_words_are_found_without_case_and_accents_and_those_of_the_name_come_first(changing, words, organizations):
    assert changing.find(words) == organizations


RENAME = "UPDATE partners SET name = 'Måneskinn Łódź', name_key = 'x' WHERE organization_id = 2"
DESCRIBE = "UPDATE partners SET description = 'Lighthouses' WHERE organization_id = 2"
OFFER = (
    "INSERT INTO service_offerings (organization_id, id, partner_id, service_handle, pricing, featured)"
    " VALUES (3, 99, 3, 'POS_SETUP_AND_MIGRATION', 'CONTACT', false)"
)
SWAP = "UPDATE service_offerings SET service_handle = 'TAX_SETUP' WHERE organization_id = 5 AND id = 13"
DROP = "DELETE FROM service_offerings WHERE organization_id = 4 AND id = 9"
RENAME_SERVICE = "UPDATE directory_services SET name = 'Zeppelins' WHERE handle = 'CUSTOMIZE_THEME'"
RENAME_OTHER = "UPDATE directory_services SET name = 'Zeppelins' WHERE handle = 'CREATE_3D_MODELS_AR'"
PRICE = "UPDATE service_offerings SET min_price_cents = 1 WHERE min_price_cents IS NOT NULL"
RATE = "UPDATE partners SET review_count = 1, quality_total_hundredths = 500, communication_total_hundredths = 500"
ORGANIZATION = "INSERT INTO organizations (id, name, created_at) VALUES (50, 'Fifty', '2023-01-01T00:00:00.000000Z')"
PARTNER = (
    "INSERT INTO partners (organization_id, id, name, name_key, slug, accepts_new_clients, listed, review_count,"
    " quality_total_hundredths, communication_total_hundredths)"
    " VALUES (50, 50, 'Fifty Zeppelins', 'x', 'fifty', true, false, 0, 0, 0)"
)
NEW_PARTNER = (ORGANIZATION, PARTNER)
GO = (*NEW_PARTNER, "DELETE FROM partners WHERE organization_id = 50")


@pytest.mark.parametrize(
    ("words", "changes", "organizations"),
    [
        ("maneskinn lodz", [RENAME], [2]),
        ("trăng khuyết", [RENAME], []),
        ("lighthouses", [DESCRIBE], [2]),
        ("giao", [DESCRIBE], []),
        ("pos setup", [OFFER], [3]),
        ("tax", [SWAP], [5]),
        ("headless commerce", [DROP], []),
        ("zeppelins", [RENAME_SERVICE], [1, 2]),
        ("zeppelins", [RENAME_OTHER], []),
        ("zeppelins", NEW_PARTNER, [50]),
        ("zeppelins", GO, []),
        ("nordlys", [PRICE, RATE], [1]),
    ],
)
def test_the_words_follow_each_change(changing, words, changes, organizations):
    assert sorted(changing.find(words, *changes)) == organizations


def test_many_rows_at_once_are_found_as_those_that_came_one_by_one(changing):
    """As seed loads them: without the triggers, which are there again afterwards."""

    def work(connection: Connection) -> None:
        with words_gathered_at_the_end(connection):
            for statement in NEW_PARTNER:
                connection.execute(text(statement))
            connection.execute(text(RENAME))
            assert found(connection, "fifty") == []
        assert found(connection, "fifty") == [50]
        assert found(connection, "maneskinn") == [2]
        connection.execute(text(OFFER))
        assert found(connection, "pos setup") == [3]
        raise Undone

    with pytest.raises(Undone):
        changing.gateway.runner.run(changing.gateway.database.run_sync(work))
