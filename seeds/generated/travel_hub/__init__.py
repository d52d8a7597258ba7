"""Tenants of very different size; each is written under its own setting, as the policies demand."""

from ..declaration import Driver, GeneratedSystem, Reference, Scope, Undigested

# the steps of a batch run once for each tenant, so batches are large
_BATCH = 5000

system = GeneratedSystem(
    __file__,
    drivers=(
        Driver("tenant", "tenants"),
        Driver("user", "users", _BATCH),
        Driver("session", "sessions", _BATCH),
        Driver("booking", "bookings", _BATCH),
        Driver("search", "searches"),
    ),
    scope=Scope("tenant", setting="app.current_tenant_id", values="tenant_ids"),
    references=(
        Reference.of(
            "global_travel_hub.analytics_events(session_id, user_id)", "global_travel_hub.chat_sessions(id, user_id)"
        ),
        Reference.of(
            "global_travel_hub.analytics_events(user_id, tenant_id)", "global_travel_hub.users(id, tenant_id)"
        ),
        Reference.of("global_travel_hub.analytics_events(tenant_id)", "global_travel_hub.tenants(id)"),
    ),
    undigested=(
        Undigested(
            "global_travel_hub.chat_sessions(updated_at)", "the trigger that counts messages updates the row at now()"
        ),
    ),
)
