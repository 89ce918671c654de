"""The letter of a lead: what it says, to whom, and that what a merchant writes stays where it belongs."""

from datetime import UTC, datetime, timedelta

from leads import create
from records import newest
from sqlalchemy import select, update

from gateway.mail import written
from gateway.models.audit import audit_entries
from gateway.models.lead import leads
from gateway.models.partner import partners
from resolvers.lead_email import letter

TOLD = {
    "to": "hei@nordlys.example.com",
    "contact_name": "Kari",
    "contact_email": "kari@example.com",
    "country": "Norway",
    "shop": "Fjellbutikken",
    "myshopify_domain": "fjellbutikken.myshopify.com",
    "service": "Custom design",
    "budget_cents": None,
    "currency_code": None,
    "created_at": datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
    "id": 7,
    "description": "Skis.",
}


def test_the_partner_is_written_to_and_answers_the_merchant(fresh):
    create(fresh, description="Skis.\nAnd boots: blå, 雪.")
    row = newest(fresh, leads)
    assert fresh.work() == ["leadEmail"]
    [message] = fresh.letters()
    assert (message["To"], message["Reply-To"]) == (
        "hei@nordlys-commerce.example.com",
        "kari@fjellbutikken.example.com",
    )
    assert message["Subject"] == "New lead: Store build or redesign for Fjellbutikken"
    assert (
        message.get_content().replace("\r\n", "\n")
        == f"""A merchant contacts you through the Partner Directory.

Name:     Kari Nordmann
E-mail:   kari@fjellbutikken.example.com
Country:  Norway
Store:    Fjellbutikken (fjellbutikken.myshopify.com)
Service:  Store build or redesign
Budget:   1,500.50 NOK
Sent:     {row["created_at"]:%Y-%m-%d %H:%M} UTC
Lead:     gid://partners/Lead/{row["id"]}

What the merchant needs:

> Skis.
> And boots: blå, 雪.

Write to kari@fjellbutikken.example.com to answer.
"""
    )


def test_when_it_went_is_told_with_its_audit(fresh):
    create(fresh)
    row = newest(fresh, leads)
    later = row["created_at"] + timedelta(minutes=1)
    fresh.work(later)
    assert newest(fresh, leads) == row | {"emailed_at": later}
    wanted = audit_entries.c.action == "leadEmail"
    [entry] = fresh.rows(select(audit_entries).where(wanted))
    assert (entry.actor, entry.subject, entry.after) == (
        "system",
        f"gid://partners/Lead/{row['id']}",
        {"emailed_at": later.isoformat()},
    )
    assert fresh.work(later) == []
    assert len(fresh.letters()) == 1


def test_it_goes_to_the_address_that_holds_when_it_is_sent(fresh):
    create(fresh)
    change(fresh, "new@example.com")
    fresh.work()
    assert [message["To"] for message in fresh.letters()] == ["new@example.com"]


def test_an_address_that_was_taken_away_meanwhile_ends_the_work_without_a_letter(fresh):
    create(fresh)
    change(fresh, None)
    assert fresh.work() == ["leadEmail"]
    assert fresh.letters() == []
    assert newest(fresh, leads)["emailed_at"] is None
    assert fresh.work() == []


def change(gateway, address):
    changed = update(partners).where(partners.c.organization_id == 1).values(contact_email=address)
    gateway.runner.run(gateway.database.run_sync(lambda connection: connection.execute(changed)))


def test_a_budget_that_is_not_told_is_so_in_the_letter():
    assert "Budget:   not told\n" in letter(TOLD).text
    assert "Budget:   0.05 NOK\n" in letter(TOLD | {"budget_cents": 5, "currency_code": "NOK"}).text


def test_what_others_wrote_makes_no_header_and_no_field():
    hostile = "Skis\r\nBcc: all@example.com"
    told = letter(
        TOLD
        | {
            "shop": hostile,
            "contact_name": "Kari\u2028E-mail:   evil@example.com",
            "description": "E-mail:   evil@example.com\n\nBcc: all@example.com\n.\nQUIT",
        }
    )
    message = written(told, sender="Gateway <g@example.com>", name="work-1", written_at=TOLD["created_at"])
    assert message.keys().count("Bcc") == 0
    assert message["Subject"] == "New lead: Custom design for Skis Bcc: all@example.com"
    lines = told.text.splitlines()
    assert [line for line in lines if line.startswith("E-mail:")] == ["E-mail:   kari@example.com"]
    assert lines[13:18] == ["> E-mail:   evil@example.com", ">", "> Bcc: all@example.com", "> .", "> QUIT"]


def test_an_address_that_no_header_holds_is_told_in_the_text_alone():
    told = letter(TOLD | {"contact_email": "pelé@example.com"})
    message = written(told, sender="Gateway <g@example.com>", name="work-1", written_at=TOLD["created_at"])
    assert message["Reply-To"] is None
    assert "pelé@example.com" in message.get_content()
