-- airside: data-loss table public.tenants
DROP TABLE tenants;

DROP FUNCTION current_tenant_id();

DROP FUNCTION update_updated_at_column();
