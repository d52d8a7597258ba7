CREATE FUNCTION set_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

-- Four parts by the hash of the id; the partitions themselves come from the declared policy.
CREATE TABLE users (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    email varchar(255) NOT NULL,
    password_hash varchar(255) NOT NULL,
    first_name varchar(100) NOT NULL,
    last_name varchar(100) NOT NULL,
    phone varchar(20),
    date_of_birth date,
    nationality varchar(3),
    passport_number varchar(50),
    passport_expiry date,
    frequent_flyer_numbers jsonb,
    preferences jsonb,
    status varchar(20) NOT NULL DEFAULT 'active',
    email_verified boolean NOT NULL DEFAULT FALSE,
    phone_verified boolean NOT NULL DEFAULT FALSE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    last_login timestamptz,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT ck_users_status CHECK (status IN ('active', 'inactive', 'suspended'))
) PARTITION BY HASH (id);

CREATE OR REPLACE TRIGGER trg_users_updated_at BEFORE UPDATE ON users
FOR EACH ROW EXECUTE FUNCTION set_updated_at();

-- Never deleted: four other databases name users without a foreign key.
GRANT SELECT, INSERT, UPDATE ON users TO user_db_app;

GRANT SELECT ON users TO user_db_readonly;
