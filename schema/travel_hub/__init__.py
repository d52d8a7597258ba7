"""The travel platform of many tenants: one database, and the way to say for which tenant one works."""

from .tenancy import TENANT_SETTING, tenant

__all__ = ["TENANT_SETTING", "tenant"]
