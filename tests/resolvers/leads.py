"""The contact form, as merchants send it."""

from harness import Answer, Gateway

CREATE = """mutation ($input: LeadCreateInput!, $key: String) {
  leadCreate(input: $input, idempotencyKey: $key) {
    lead {
      id contactName contactEmail contactCountryCode description status emailedAt
      budget { amount currencyCode } service { handle } partner { id } shop { id } merchantUser { id }
    }
    userErrors { code field message }
  }
}"""
GIVEN = {
    "partnerId": "gid://partners/Partner/1",
    "contactName": "Kari Nordmann",
    "contactEmail": "kari@fjellbutikken.example.com",
    "contactCountryCode": "NO",
    "serviceHandle": "CUSTOMIZE_DESIGN",
    "budget": {"amount": "1500.50", "currencyCode": "NOK"},
    "description": "We sell skis.",
}


def create(gateway: Gateway, token: str | None = "", key: str | None = None, **given) -> Answer:
    """As merchant user 1 of shop 1, or with another token; with None as nobody."""
    token = gateway.merchant if token == "" else token
    headers = {"X-Request-Id": "the-request"}
    return gateway.ask(CREATE, {"input": GIVEN | given, "key": key}, token=token, headers=headers)


def errors(answer: Answer, name: str = "leadCreate") -> list[tuple[str, str]]:
    """Each error's code and path; then there is nothing else in the payload."""
    payload = answer.data[name]
    if payload["userErrors"]:
        assert [value for key, value in payload.items() if key != "userErrors"] == [None]
    return [(each["code"], ".".join(each["field"])) for each in payload["userErrors"]]
