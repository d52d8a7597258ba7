CREATE FUNCTION update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

CREATE TABLE reviews (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    booking_id uuid NOT NULL,
    user_id uuid NOT NULL,
    review_type varchar(20) NOT NULL,
    airline_code varchar(2),
    flight_number varchar(10),
    airport_code varchar(3),
    overall_rating integer NOT NULL,
    cabin_rating integer,
    service_rating integer,
    food_rating integer,
    entertainment_rating integer,
    value_rating integer,
    title varchar(200),
    review_text text,
    cabin_class varchar(20),
    travel_date date,
    verified_booking boolean NOT NULL DEFAULT FALSE,
    status varchar(20) NOT NULL DEFAULT 'PENDING',
    moderation_notes text,
    moderated_by uuid,
    moderated_at timestamptz,
    helpful_count integer NOT NULL DEFAULT 0,
    not_helpful_count integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT current_timestamp,
    updated_at timestamptz NOT NULL DEFAULT current_timestamp,
    CONSTRAINT valid_overall_rating CHECK (overall_rating BETWEEN 1 AND 5),
    CONSTRAINT valid_cabin_rating CHECK (cabin_rating IS NULL OR cabin_rating BETWEEN 1 AND 5),
    CONSTRAINT valid_service_rating CHECK (service_rating IS NULL OR service_rating BETWEEN 1 AND 5),
    CONSTRAINT valid_food_rating CHECK (food_rating BETWEEN 1 AND 5),
    CONSTRAINT valid_entertainment_rating CHECK (entertainment_rating BETWEEN 1 AND 5),
    CONSTRAINT valid_value_rating CHECK (value_rating BETWEEN 1 AND 5),
    CONSTRAINT one_review_per_booking UNIQUE (booking_id, user_id),
    CONSTRAINT ck_reviews_type CHECK (review_type IN ('FLIGHT', 'AIRLINE', 'AIRPORT')),
    CONSTRAINT ck_reviews_target
    CHECK ((review_type = 'FLIGHT' AND airline_code IS NOT NULL AND flight_number IS NOT NULL)
        OR (review_type = 'AIRLINE' AND airline_code IS NOT NULL)
        OR (review_type = 'AIRPORT' AND airport_code IS NOT NULL)),
    CONSTRAINT ck_reviews_status CHECK (status IN ('PENDING', 'APPROVED', 'REJECTED', 'FLAGGED')),
    CONSTRAINT ck_reviews_cabin CHECK (cabin_class IN ('ECONOMY', 'BUSINESS', 'FIRST')),
    CONSTRAINT ck_reviews_counts CHECK (helpful_count >= 0 AND not_helpful_count >= 0)
);

CREATE INDEX idx_reviews_airline ON reviews (airline_code, status);

CREATE INDEX idx_reviews_flight ON reviews (flight_number, status);

CREATE INDEX idx_reviews_airport ON reviews (airport_code, status);

CREATE OR REPLACE TRIGGER update_reviews_updated_at BEFORE UPDATE ON reviews
FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

GRANT SELECT, INSERT, UPDATE, DELETE ON reviews TO review_service_db_app;

GRANT SELECT ON reviews TO review_service_db_readonly;
