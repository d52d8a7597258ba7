CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id uuid NOT NULL DEFAULT current_tenant_id(),
    email varchar(255) NOT NULL,
    hashed_password varchar(255),
    full_name varchar(100),
    phone varchar(20),
    role varchar(20) NOT NULL DEFAULT 'user',
    status varchar(20) NOT NULL DEFAULT 'active',
    data_processing_consent boolean NOT NULL DEFAULT FALSE,
    consent_granted_at timestamptz,
    marketing_consent boolean NOT NULL DEFAULT FALSE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    CONSTRAINT fk_users_tenant FOREIGN KEY (tenant_id) REFERENCES tenants (id) ON DELETE RESTRICT,
    -- what belongs to a user refers to both columns: a foreign key alone is not bound by policies
    CONSTRAINT uq_users_id_tenant UNIQUE (id, tenant_id),
    CONSTRAINT ck_users_role CHECK (role IN ('user', 'admin', 'agent')),
    CONSTRAINT ck_users_status CHECK (status IN ('active', 'inactive', 'suspended')),
    CONSTRAINT ck_users_consent CHECK (NOT data_processing_consent OR consent_granted_at IS NOT NULL)
);

-- A deleted account frees its e-mail address.
CREATE UNIQUE INDEX uq_users_email_active ON users (tenant_id, email) WHERE deleted_at IS NULL;

CREATE INDEX idx_users_tenant ON users (tenant_id);

CREATE OR REPLACE TRIGGER trg_users_updated_at BEFORE UPDATE ON users
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- FORCE binds the owner too. The subquery is evaluated once a statement, not once a row.
ALTER TABLE users ENABLE ROW LEVEL SECURITY;

ALTER TABLE users FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant_isolation ON users
USING (tenant_id = (SELECT nullif(current_setting('app.current_tenant_id', TRUE), '')::uuid))
WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.current_tenant_id', TRUE), '')::uuid));

GRANT SELECT, INSERT, UPDATE, DELETE ON users TO global_travel_hub_app;

GRANT SELECT ON users TO global_travel_hub_readonly;

CREATE TABLE oauth_accounts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id uuid NOT NULL DEFAULT current_tenant_id(),
    user_id uuid NOT NULL,
    provider varchar(50) NOT NULL,
    provider_account_id varchar(255) NOT NULL,
    access_token_encrypted bytea,
    refresh_token_encrypted bytea,
    token_expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT fk_oauth_accounts_user
    FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT uq_oauth_accounts_provider UNIQUE (tenant_id, provider, provider_account_id),
    CONSTRAINT uq_oauth_accounts_user_provider UNIQUE (tenant_id, user_id, provider),
    CONSTRAINT ck_oauth_accounts_provider CHECK (provider IN ('google', 'apple'))
);

CREATE OR REPLACE TRIGGER trg_oauth_accounts_updated_at BEFORE UPDATE ON oauth_accounts
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

ALTER TABLE oauth_accounts ENABLE ROW LEVEL SECURITY;

ALTER TABLE oauth_accounts FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant_isolation ON oauth_accounts
USING (tenant_id = (SELECT nullif(current_setting('app.current_tenant_id', TRUE), '')::uuid))
WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.current_tenant_id', TRUE), '')::uuid));

GRANT SELECT, INSERT, UPDATE, DELETE ON oauth_accounts TO global_travel_hub_app;

GRANT SELECT ON oauth_accounts TO global_travel_hub_readonly;
