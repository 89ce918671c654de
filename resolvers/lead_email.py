"""The letter by which a lead reaches the partner: left in the lead's transaction, sent later, and once."""

from typing import Any

from sqlalchemy import and_, bindparam, select, update

from gateway.jobs.work import Work
from gateway.mail import Letter
from gateway.models.actor import shops
from gateway.models.directory import countries, directory_services
from gateway.models.lead import leads
from gateway.models.partner import partners
from gateway.moments import moment_of
from resolvers.gid import gid
from resolvers.write import Write

KIND = "leadEmail"

_THIS = (leads.c.organization_id == bindparam("of_organization"), leads.c.id == bindparam("of_lead"))
_TOLD = (
    select(
        partners.c.contact_email.label("to"),
        leads.c.contact_name,
        leads.c.contact_email,
        countries.c.name.label("country"),
        shops.c.name.label("shop"),
        shops.c.myshopify_domain,
        directory_services.c.name.label("service"),
        leads.c.budget_cents,
        leads.c.currency_code,
        leads.c.created_at,
        leads.c.id,
        leads.c.description,
    )
    .join(partners, and_(partners.c.organization_id == leads.c.organization_id, partners.c.id == leads.c.partner_id))
    .join(shops, shops.c.id == leads.c.shop_id)
    .join(countries, countries.c.code == leads.c.contact_country_code)
    .join(directory_services, directory_services.c.handle == leads.c.service_handle)
    .where(*_THIS)
)
_NAMES = tuple(_TOLD.selected_columns.keys())
_SENT = update(leads).where(*_THIS)


async def leave(write: Write, organization_id: int, lead_id: int) -> None:
    """What merchants write is looked up when it is sent: work that is waiting holds nobody's address."""
    payload = {"of_organization": organization_id, "of_lead": lead_id}
    await write.enqueue(KIND, payload, key=f"{KIND}:{organization_id}:{lead_id}")


async def send(work: Work) -> None:
    rows = await work.database.fetch(_TOLD, work.payload)
    told = dict(zip(_NAMES, rows[0], strict=True)) if rows else {}
    if told.get("to") is None:
        # The partner took its address away meanwhile; the lead still waits in its list.
        return
    await work.send(letter(told))
    async with work.write() as write:
        await write.execute(_SENT.values(emailed_at=work.now), work.payload)
        organization_id, subject = work.payload["of_organization"], gid("Lead", work.payload["of_lead"])
        after = {"emailed_at": work.now}
        write.audit(KIND, subject, organization_id=organization_id, before={"emailed_at": None}, after=after)


def letter(told: dict[str, Any]) -> Letter:
    """Each value stands in one line; what the merchant wrote is quoted, so that it can't look like one of them."""
    values = {
        "Name": told["contact_name"],
        "E-mail": told["contact_email"],
        "Country": told["country"],
        "Store": f"{told['shop']} ({told['myshopify_domain']})",
        "Service": told["service"],
        "Budget": _budget(told["budget_cents"], told["currency_code"]),
        "Sent": f"{moment_of(told['created_at']):%Y-%m-%d %H:%M} UTC",
        "Lead": gid("Lead", told["id"]),
    }
    lines = [f"{name + ':':<9} {_one_line(value)}" for name, value in values.items()]
    quoted = [f"> {line}".rstrip() for line in told["description"].splitlines()]
    text = [
        "A merchant contacts you through the Partner Directory.",
        *("", *lines),
        *("", "What the merchant needs:", "", *quoted),
        *("", f"Write to {told['contact_email']} to answer.", ""),
    ]
    subject = f"New lead: {_one_line(told['service'])} for {_one_line(told['shop'])}"
    return Letter(to=told["to"], reply_to=told["contact_email"], subject=subject, text="\n".join(text))


def _budget(cents: int | None, currency_code: str | None) -> str:
    if cents is None:
        return "not told"
    return f"{cents // 100:,}.{cents % 100:02d} {currency_code}"


def _one_line(value: str) -> str:
    return " ".join(value.split())
