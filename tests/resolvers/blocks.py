"""Blocks, as merchants ask for them, between organization 1 and shop 3: one of each kind is open between the two."""

from typing import Any

from harness import Answer, Gateway

PARTNER = "gid://partners/Partner/1"
PREVIEW = """query ($partner: ID!) {
  partnerBlockPreview(partnerId: $partner) {
    partner { id }
    confirmation
    conversations { id status }
    proposals { id status job { id } }
    jobs { id status }
    invoices { id status job { id } }
    collaborator { id status }
  }
}"""
BLOCK = """mutation ($partner: ID!, $confirmation: String!, $note: String, $key: String) {
  partnerBlock(partnerId: $partner, confirmation: $confirmation, reason: SPAM, note: $note, idempotencyKey: $key) {
    partnerBlock {
      id reason note closedProposalCount closedJobCount closedInvoiceCount
      partner { id } shop { id }
    }
    userErrors { code field message }
  }
}"""
SEND = """mutation ($conversation: ID!, $body: String!, $files: [Url!], $key: String) {
  messageSend(conversationId: $conversation, body: $body, fileUrls: $files, idempotencyKey: $key) {
    message {
      body fileUrls sentVia
      sentBy { __typename ...on MerchantUser { id } ...on Organization { id } }
    }
    userErrors { code field message }
  }
}"""
REPORT = """mutation ($input: PartnerReportCreateInput!, $key: String) {
  partnerReportCreate(input: $input, idempotencyKey: $key) {
    partnerReport { id caseNumber kind description partner { id } shop { id } merchantUser { id } job { id } }
    userErrors { code field message }
  }
}"""
HEADERS = {"X-Request-Id": "the-request"}


def merchant(gateway: Gateway) -> str:
    """Of merchant user 3 in shop 3."""
    return gateway.tokens.merchants[3, 3]


def preview(gateway: Gateway, *, token: str | None = "", partner: str = PARTNER) -> Any:
    token = merchant(gateway) if token == "" else token
    return gateway.ask(PREVIEW, {"partner": partner}, token=token).data["partnerBlockPreview"]


def variables(gateway: Gateway, *, token: str | None = "", **given: Any) -> dict[str, Any]:
    """What a block is asked with: what was confirmed is what is open now, unless it is given."""
    confirmed = {} if "confirmation" in given else {"confirmation": preview(gateway, token=token)["confirmation"]}
    return {"partner": PARTNER, **confirmed, **given}


def block(gateway: Gateway, *, token: str | None = "", **given: Any) -> Answer:
    asked = variables(gateway, token=token, **given)
    return gateway.ask(BLOCK, asked, token=merchant(gateway) if token == "" else token, headers=HEADERS)


def send(gateway: Gateway, *, token: str | None = "", conversation: int = 2, body: str = "Hei", **given: Any) -> Answer:
    asked = {"conversation": f"gid://partners/Conversation/{conversation}", "body": body, **given}
    return gateway.ask(SEND, asked, token=merchant(gateway) if token == "" else token, headers=HEADERS)


def report(gateway: Gateway, *, token: str | None = "", key: str | None = None, **given: Any) -> Answer:
    asked = {"partnerId": PARTNER, "kind": "BAD_EXPERIENCE", "description": "They shouted.", **given}
    token = merchant(gateway) if token == "" else token
    return gateway.ask(REPORT, {"input": asked, "key": key}, token=token, headers=HEADERS)


def codes(answer: Answer) -> list[str]:
    """Why the one mutation was refused. Then there is nothing else in its payload."""
    if "errors" in answer.body:
        return [error["extensions"]["code"] for error in answer.body["errors"]]
    [payload] = answer.data.values()
    if payload["userErrors"]:
        assert [value for name, value in payload.items() if name != "userErrors"] == [None]
    return [error["code"] for error in payload["userErrors"]]
