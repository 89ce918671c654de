"""Who asks, as the API shows it."""

from gateway.execution.rows import Layout, Rows
from gateway.execution.sources import Call, batch
from gateway.models.actor import merchant_users, organizations, shops
from gateway.viewer import ApiPermission
from resolvers.loaders import reference

_LAYOUT = Layout(("kind", "permissions", "organization_id", "shop_id", "merchant_user_id"))


@batch()
async def find_viewer(_parents: Rows, call: Call) -> Rows:
    """The caller as a row, which no statement is needed for."""
    viewer = call.context.viewer
    permissions = [permission for permission in ApiPermission if permission in viewer.permissions]
    row = (viewer.kind, permissions, viewer.organization_id, viewer.shop_id, viewer.merchant_user_id)
    return Rows([row], _LAYOUT)


organization = reference(organizations, "organization_id")
shop = reference(shops, "shop_id")
merchant_user = reference(merchant_users, "merchant_user_id")
