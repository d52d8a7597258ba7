CREATE FUNCTION update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

CREATE TABLE users (
    id bigserial PRIMARY KEY,
    name varchar(255) NOT NULL,
    email varchar(255) NOT NULL,
    password_hash text NOT NULL,
    phone varchar(20),
    role varchar(50) NOT NULL DEFAULT 'user',
    email_verified boolean NOT NULL DEFAULT FALSE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT idx_users_email UNIQUE (email),
    CONSTRAINT ck_users_role CHECK (role IN ('user', 'admin', 'moderator'))
);

CREATE INDEX idx_users_role ON users (role);

CREATE INDEX idx_users_created_at ON users (created_at);

CREATE OR REPLACE TRIGGER trigger_users_updated_at BEFORE UPDATE ON users
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- Never deleted: bookings and reviews will refer to users.
GRANT SELECT, INSERT, UPDATE ON users TO exotic_travel_prod_app;

GRANT SELECT ON users TO exotic_travel_prod_readonly;

GRANT USAGE, SELECT ON SEQUENCE users_id_seq TO exotic_travel_prod_app;
