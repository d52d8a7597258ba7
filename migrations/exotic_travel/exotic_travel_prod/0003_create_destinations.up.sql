CREATE TABLE destinations (
    id bigserial PRIMARY KEY,
    name varchar(255) NOT NULL,
    description text NOT NULL,
    country varchar(100) NOT NULL,
    city varchar(100) NOT NULL,
    price numeric(10, 2) NOT NULL,
    duration integer NOT NULL,
    max_guests integer NOT NULL,
    images text[] NOT NULL DEFAULT '{}',
    features text[] NOT NULL DEFAULT '{}',
    rating numeric(3, 2) NOT NULL DEFAULT 0.0,
    review_count integer NOT NULL DEFAULT 0,
    active boolean NOT NULL DEFAULT TRUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_destinations_price CHECK (price >= 0),
    CONSTRAINT ck_destinations_duration CHECK (duration > 0),
    CONSTRAINT ck_destinations_max_guests CHECK (max_guests > 0),
    CONSTRAINT ck_destinations_rating CHECK (rating BETWEEN 0 AND 5),
    CONSTRAINT ck_destinations_review_count CHECK (review_count >= 0)
);

CREATE INDEX idx_destinations_country ON destinations (country);

CREATE INDEX idx_destinations_city ON destinations (city);

CREATE INDEX idx_destinations_price ON destinations (price);

CREATE INDEX idx_destinations_rating ON destinations (rating);

CREATE INDEX idx_destinations_active ON destinations (active);

CREATE INDEX idx_destinations_created_at ON destinations (created_at);

CREATE OR REPLACE TRIGGER trigger_destinations_updated_at BEFORE UPDATE ON destinations
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

-- Never deleted: active = FALSE takes a destination off the market.
GRANT SELECT, INSERT, UPDATE ON destinations TO exotic_travel_prod_app;

GRANT SELECT ON destinations TO exotic_travel_prod_readonly;

GRANT USAGE, SELECT ON SEQUENCE destinations_id_seq TO exotic_travel_prod_app;
