"""A page of the stream of events with stores and subjects, as one statement of each database builds it."""

from gateway.bench.documents import EVENTS_FROM, EVENTS_UNTIL

_TYPENAME = """CASE substr(type, 1, 3) WHEN 'CHA' THEN 'Charge' WHEN 'CRE' THEN 'Credit' WHEN 'EAR' THEN 'Earning'
    WHEN 'REL' THEN 'Relationship' ELSE 'SubscriptionStatus' END"""


def _page(size: str) -> str:
    return f"""
        SELECT *, {_TYPENAME} AS typename FROM partner_events
        WHERE organization_id = caller.organization_id
          AND occurred_at >= '{EVENTS_FROM}' AND occurred_at <= '{EVENTS_UNTIL}'
        ORDER BY occurred_at DESC, id DESC, source DESC LIMIT {size}
    """


def _event(build: str, moment: str) -> str:
    """One event; `build` makes an object of names and values."""
    return f"""{build}('node', {build}(
        '__typename', e.typename,
        'id', 'gid://shopify/' || e.typename || '/' || e.id || e.source,
        'eventType', e.type,
        'occurredAt', {moment},
        'shop', CASE WHEN s.id IS NOT NULL THEN {build}(
            'id', 'gid://shopify/Shop/' || s.id, 'name', s.name, 'myshopifyDomain', s.myshopify_domain) END,
        'subject', CASE WHEN a.id IS NULL
            THEN {build}('__typename', 'ThemeReference', 'id', 'gid://shopify/Theme/' || t.id, 'name', t.name)
            ELSE {build}(
                '__typename', 'AppReference', 'id', 'gid://shopify/App/' || a.id, 'name', a.name, 'apiKey', a.api_key)
            END))"""


_JOINS = """
    LEFT JOIN shops s ON s.id = e.shop_id
    LEFT JOIN apps a ON e.subject_type = 'APP' AND a.organization_id = e.organization_id AND a.id = e.subject_id
    LEFT JOIN themes t ON e.subject_type = 'THEME' AND t.organization_id = e.organization_id AND t.id = e.subject_id
"""

_MOMENT = """to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""

POSTGRESQL = f"""
    (SELECT json_build_object('data', json_build_object('events', json_build_object('edges', coalesce(json_agg(
        {_event("json_build_object", _MOMENT)} ORDER BY e.occurred_at DESC, e.id DESC, e.source DESC), '[]'))))
    FROM ({_page("$4")}) e {_JOINS})
"""

# An aggregate takes the rows in the order of its subquery, as long as joins only look rows up.
SQLITE = f"""
    (SELECT json_object('data', json_object('events', json_object('edges', json_group_array(
        {_event("json_object", "e.occurred_at")}))))
    FROM ({_page(":argument")}) e {_JOINS})
"""
