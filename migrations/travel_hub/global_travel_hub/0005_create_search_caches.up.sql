CREATE TABLE flight_search_cache (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    search_hash char(64) NOT NULL,
    search_params jsonb NOT NULL,
    results jsonb NOT NULL,
    hit_count integer NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_flight_search_cache_hash UNIQUE (search_hash),
    CONSTRAINT ck_flight_search_cache_hash CHECK (search_hash ~ '^[0-9a-f]{64}$'),
    CONSTRAINT ck_flight_search_cache_hits CHECK (hit_count >= 0),
    CONSTRAINT ck_flight_search_cache_expiry CHECK (expires_at > created_at)
);

CREATE INDEX idx_flight_search_cache_expires ON flight_search_cache (expires_at);

CREATE OR REPLACE TRIGGER trg_flight_search_cache_updated_at BEFORE UPDATE ON flight_search_cache
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

GRANT SELECT, INSERT, UPDATE, DELETE ON flight_search_cache TO global_travel_hub_app;

GRANT SELECT ON flight_search_cache TO global_travel_hub_readonly;

CREATE TABLE hotel_search_cache (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    search_hash char(64) NOT NULL,
    search_params jsonb NOT NULL,
    results jsonb NOT NULL,
    hit_count integer NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_hotel_search_cache_hash UNIQUE (search_hash),
    CONSTRAINT ck_hotel_search_cache_hash CHECK (search_hash ~ '^[0-9a-f]{64}$'),
    CONSTRAINT ck_hotel_search_cache_hits CHECK (hit_count >= 0),
    CONSTRAINT ck_hotel_search_cache_expiry CHECK (expires_at > created_at)
);

CREATE INDEX idx_hotel_search_cache_expires ON hotel_search_cache (expires_at);

CREATE OR REPLACE TRIGGER trg_hotel_search_cache_updated_at BEFORE UPDATE ON hotel_search_cache
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

GRANT SELECT, INSERT, UPDATE, DELETE ON hotel_search_cache TO global_travel_hub_app;

GRANT SELECT ON hotel_search_cache TO global_travel_hub_readonly;

-- Returns how many searches have expired.
CREATE FUNCTION cleanup_expired_cache() RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    a integer;
    b integer;
BEGIN
    DELETE FROM flight_search_cache WHERE expires_at < now();
    GET DIAGNOSTICS a = ROW_COUNT;
    DELETE FROM hotel_search_cache WHERE expires_at < now();
    GET DIAGNOSTICS b = ROW_COUNT;
    RETURN a + b;
END
$$;

GRANT EXECUTE ON FUNCTION cleanup_expired_cache() TO global_travel_hub_app;
