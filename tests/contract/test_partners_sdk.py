"""A client that was written for the Partner API, unchanged but for its base URL."""

import pytest
from harness import serving
from shopify_partners_sdk.client.base import BaseGraphQLClient
from shopify_partners_sdk.client.field_based_client import FieldBasedShopifyPartnersClient
from shopify_partners_sdk.config import ShopifyPartnersSDKSettings
from shopify_partners_sdk.exceptions.auth import UnauthorizedError
from shopify_partners_sdk.exceptions.graphql import GraphQLError
from shopify_partners_sdk.queries.fields import FieldSelector

EVENTS = """#graphql
query AppEvents($appId: ID!, $first: Int, $after: String) {
  app(id: $appId) {
    events(first: $first, after: $after) {
      edges { cursor node { type occurredAt shop { myshopifyDomain } ... on AppSubscriptionEvent { charge { id } } } }
      pageInfo { hasNextPage }
    }
  }
}
"""


@pytest.fixture(scope="module")
def origin(shared):
    with serving(shared.settings) as origin:
        yield origin


def client(origin, token):
    settings = ShopifyPartnersSDKSettings(base_url=origin, api_version="2025-07", max_retry_attempts=0)
    return BaseGraphQLClient("1", token, settings=settings)


def walked(sdk, field, names, page_size):
    """The ids of a whole list, as the client's own builders page through it."""
    builder, ids, cursor = FieldBasedShopifyPartnersClient(sdk), [], None
    while True:
        variables = {"first": page_size} | ({"after": cursor} if cursor else {})
        query = builder.connection_query(field, FieldSelector().add_fields(*names), **variables)
        page = sdk.execute_query(query.build_query(), query.variables)["data"][field]
        ids += [edge["node"]["id"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return ids
        cursor = page["edges"][-1]["cursor"]


@pytest.mark.parametrize(
    ("field", "table", "names"),
    [
        ("jobs", "jobs", ["id", "status", "createdAt", "confirmedCompleted"]),
        ("conversations", "conversations", ["id", "status", "hasUnreadMessages"]),
        ("transactions", "transactions", ["id", "createdAt"]),
    ],
)
def test_the_sdk_pages_through_a_list(shared, origin, field, table, names):
    ids = walked(client(origin, shared.partner), field, names, page_size=5)
    held = shared.tokens.rows[table]
    assert len(ids) == len(set(ids))
    assert len(ids) == len(shared.ask(f"{{ {field}(first: 250) {{ nodes {{ id }} }} }}").data[field]["nodes"]) < held


def test_the_sdk_pages_through_the_events_of_an_app(shared, origin):
    sdk, cursors, after = client(origin, shared.partner), [], None
    while True:
        variables = {"appId": "gid://partners/App/1", "first": 7, "after": after}
        page = sdk.execute_query(EVENTS, variables)["data"]["app"]["events"]
        cursors += [edge["cursor"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = cursors[-1]
    assert len(cursors) == len(set(cursors)) == 18


def test_the_sdk_knows_a_refused_token(shared, origin):
    with pytest.raises(UnauthorizedError):
        client(origin, "prtapi_unknown").execute_query("{ __typename }")


def test_the_sdk_hears_of_a_field_that_does_not_exist(shared, origin):
    with pytest.raises(GraphQLError, match="Field 'nothing' doesn't exist on type 'QueryRoot'"):
        client(origin, shared.partner).execute_query("{ nothing }")
