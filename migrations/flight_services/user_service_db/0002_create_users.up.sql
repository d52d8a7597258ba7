CREATE FUNCTION update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

CREATE TABLE users (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    email varchar(255) NOT NULL,
    password_hash varchar(255) NOT NULL,
    email_verified boolean NOT NULL DEFAULT FALSE,
    first_name varchar(100) NOT NULL,
    last_name varchar(100) NOT NULL,
    phone varchar(20),
    phone_verified boolean NOT NULL DEFAULT FALSE,
    date_of_birth date,
    gender varchar(20),
    country_code varchar(2),
    address_line1 varchar(255),
    address_line2 varchar(255),
    city varchar(100),
    state_province varchar(100),
    postal_code varchar(20),
    preferred_currency varchar(3) NOT NULL DEFAULT 'USD',
    preferred_language varchar(5) NOT NULL DEFAULT 'en',
    newsletter_subscribed boolean NOT NULL DEFAULT FALSE,
    status varchar(20) NOT NULL DEFAULT 'ACTIVE',
    role varchar(20) NOT NULL DEFAULT 'CUSTOMER',
    created_at timestamptz NOT NULL DEFAULT current_timestamp,
    updated_at timestamptz NOT NULL DEFAULT current_timestamp,
    last_login_at timestamptz,
    deleted_at timestamptz,
    CONSTRAINT email_format CHECK (email ~* '^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$'),
    CONSTRAINT phone_format CHECK (phone IS NULL OR phone ~* '^\+?[1-9]\d{1,14}$'),
    CONSTRAINT ck_users_gender CHECK (gender IN ('MALE', 'FEMALE', 'OTHER', 'PREFER_NOT_TO_SAY')),
    CONSTRAINT ck_users_status CHECK (status IN ('ACTIVE', 'SUSPENDED', 'DELETED')),
    CONSTRAINT ck_users_role CHECK (role IN ('CUSTOMER', 'ADMIN', 'AGENT')),
    CONSTRAINT ck_users_deleted CHECK ((status = 'DELETED') = (deleted_at IS NOT NULL))
);

-- An address is free again once its account is deleted.
CREATE UNIQUE INDEX idx_users_email ON users (email) WHERE deleted_at IS NULL;

CREATE INDEX idx_users_phone ON users (phone) WHERE deleted_at IS NULL;

CREATE INDEX idx_users_status ON users (status);

CREATE INDEX idx_users_created_at ON users (created_at);

CREATE OR REPLACE TRIGGER update_users_updated_at BEFORE UPDATE ON users
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- Never deleted: a person leaves through anonymize_user().
GRANT SELECT, INSERT, UPDATE ON users TO user_service_db_app;

GRANT SELECT ON users TO user_service_db_readonly;
