"""A GraphQL gateway for the Partner API: served, guarded, exported."""
