"""Who asks, as the API shows it."""

from gateway.execution.rows import Layout, Rows
from gateway.execution.sources import Call, batch
from gateway.models.actor import merchant_users, organizations, shops
from gateway.viewer import ApiPermission
from resolvers.loaders import layout_of, reference

_LAYOUT = Layout(("kind", "permissions", "organization_id", "shop_id", "merchant_user_id"))


@batch()
async def find_viewer(_parents: Rows, call: Call) -> Rows:
    """The caller as a row, which no statement is needed for."""
    viewer = call.context.viewer
    permissions = [permission for permission in ApiPermission if permission in viewer.permissions]
    row = (viewer.kind, permissions, viewer.organization_id, viewer.shop_id, viewer.merchant_user_id)
    return Rows([row], _LAYOUT)


@batch("shop_id")
async def request_code(parents: Rows, call: Call) -> list[str | None]:
    """What partners have to know to ask the merchant's shop for access; None for other callers."""
    place = layout_of(shops).index["request_code"]
    shop_ids = [shop_id for shop_id in parents.column("shop_id") if shop_id is not None]
    rows = dict(zip(shop_ids, await call.context.loaders.reached(shops).load_many(shop_ids), strict=True))
    return [None if shop_id is None else rows[shop_id][place] for shop_id in parents.column("shop_id")]


organization = reference(organizations, "organization_id")
shop = reference(shops, "shop_id")
merchant_user = reference(merchant_users, "merchant_user_id")
