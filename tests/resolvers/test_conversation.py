"""Conversations, their messages and who wrote them."""

import pytest

SENDERS = """query ($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Message {
      body
      sentBy {
        __typename
        ... on Actor { id name avatarUrl }
        ... on Shop { myshopifyDomain }
        ... on MerchantUser { timezone }
      }
    }
  }
}"""


def test_a_conversation_tells_all_its_fields(shared):
    answer = shared.ask("""{
      conversation(id: "gid://partners/Conversation/4") {
        __typename id status hasUnreadMessages createdAt lastEventAt dashboardUrl
        merchantUser { __typename id name avatarUrl timezone }
        messages(last: 5) { nodes { __typename id body fileUrls sentAt sentVia } }
      }
    }""")
    messages = answer.data["conversation"].pop("messages")["nodes"]
    assert answer.data["conversation"] == {
        "__typename": "Conversation",
        "id": "gid://partners/Conversation/4",
        "status": "ACTIVE",
        "hasUnreadMessages": False,
        "createdAt": "2023-04-04T04:04:04.040404Z",
        "lastEventAt": "2023-07-03T08:15:00.000000Z",
        "dashboardUrl": "https://partners.shopify.com/1/conversations/4",
        "merchantUser": {
            "__typename": "MerchantUser",
            "id": "gid://partners/MerchantUser/5",
            "name": "林小梅",
            "avatarUrl": None,
            "timezone": "Asia/Taipei",
        },
    }
    assert [messages[0], messages[1]] == [
        {
            "__typename": "Message",
            "id": "gid://partners/Message/25",
            "body": None,
            "fileUrls": [],
            "sentAt": "2023-06-19T00:00:00.000001Z",
            "sentVia": "EMAIL",
        },
        {
            "__typename": "Message",
            "id": "gid://partners/Message/24",
            "body": "（抱歉，第六張忘了附上）",
            "fileUrls": ["https://cdn.example.com/files/4/%E7%85%A7%E7%89%87-6.jpg"],
            "sentAt": "2023-04-05T01:00:00.000000Z",
            "sentVia": "DASHBOARD",
        },
    ]
    assert answer.statements == 3


@pytest.mark.parametrize(
    ("message", "sender"),
    [
        (
            1,
            {
                "__typename": "MerchantUser",
                "id": "gid://partners/MerchantUser/1",
                "name": "Kari Nordmann",
                "avatarUrl": "https://cdn.example.com/users/1.jpg",
                "timezone": "Europe/Oslo",
            },
        ),
        (
            3,
            {
                "__typename": "TeamMember",
                "id": "gid://partners/TeamMember/2",
                "name": "Håkon Sæther",
                "avatarUrl": None,
            },
        ),
        # A message that names no sender is the organization's own.
        (
            5,
            {
                "__typename": "Organization",
                "id": "gid://partners/Organization/1",
                "name": "Nordlys Commerce AS",
                "avatarUrl": "https://cdn.example.com/organizations/1.png",
            },
        ),
        (
            6,
            {
                "__typename": "Shop",
                "id": "gid://partners/Shop/1",
                "name": "Fjellbutikken",
                "avatarUrl": "https://cdn.example.com/shops/1.png",
                "myshopifyDomain": "fjellbutikken.myshopify.com",
            },
        ),
        (
            14,
            {
                "__typename": "ShopifyEmployee",
                "id": "gid://partners/ShopifyEmployee/1",
                "name": "Priya Raman",
                "avatarUrl": "https://cdn.example.com/employees/1.jpg",
            },
        ),
    ],
)
def test_a_message_tells_which_of_five_kinds_of_senders_wrote_it(shared, message, sender):
    answer = shared.ask(SENDERS, {"ids": [f"gid://partners/Message/{message}"]})
    assert answer.data["nodes"][0]["sentBy"] == sender
    assert answer.statements == 2


def test_the_senders_of_many_messages_come_for_one_statement_a_kind(shared):
    answer = shared.ask(SENDERS, {"ids": [f"gid://partners/Message/{number}" for number in range(1, 31)]})
    kinds = {node["sentBy"]["__typename"] for node in answer.data["nodes"]}
    assert kinds == {"MerchantUser", "Organization", "Shop", "ShopifyEmployee", "TeamMember"}
    assert answer.statements == 6


def test_a_merchant_user_met_as_both_sender_and_side_of_the_talk_is_loaded_once(shared):
    answer = shared.ask("""{
      conversations(first: 250) {
        nodes { merchantUser { id } messages(first: 250) { nodes { sentBy { __typename } } } }
      }
    }""")
    # Conversations, messages, and the five kinds of senders.
    assert answer.statements == 7
    assert sum(len(each["messages"]["nodes"]) for each in answer.data["conversations"]["nodes"]) == 30
