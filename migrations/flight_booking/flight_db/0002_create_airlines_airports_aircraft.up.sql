CREATE TABLE airlines (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    iata_code varchar(2) NOT NULL,
    icao_code varchar(3) NOT NULL,
    name varchar(255) NOT NULL,
    country varchar(3) NOT NULL,
    logo_url varchar(500),
    website varchar(255),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT idx_airlines_iata UNIQUE (iata_code),
    CONSTRAINT uq_airlines_icao UNIQUE (icao_code)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON airlines TO flight_db_app;

GRANT SELECT ON airlines TO flight_db_readonly;

CREATE TABLE airports (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    iata_code varchar(3) NOT NULL,
    icao_code varchar(4) NOT NULL,
    name varchar(255) NOT NULL,
    city varchar(100) NOT NULL,
    country varchar(3) NOT NULL,
    timezone varchar(50) NOT NULL,
    latitude numeric(10, 6),
    longitude numeric(10, 6),
    elevation integer,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT idx_airports_iata UNIQUE (iata_code),
    CONSTRAINT uq_airports_icao UNIQUE (icao_code),
    CONSTRAINT ck_airports_latitude CHECK (latitude BETWEEN -90 AND 90),
    CONSTRAINT ck_airports_longitude CHECK (longitude BETWEEN -180 AND 180)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON airports TO flight_db_app;

GRANT SELECT ON airports TO flight_db_readonly;

CREATE TABLE aircraft_types (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    iata_code varchar(3) NOT NULL,
    icao_code varchar(4) NOT NULL,
    manufacturer varchar(100) NOT NULL,
    model varchar(100) NOT NULL,
    capacity jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT uq_aircraft_types_iata UNIQUE (iata_code),
    CONSTRAINT uq_aircraft_types_icao UNIQUE (icao_code),
    CONSTRAINT ck_aircraft_types_capacity CHECK (jsonb_typeof(capacity) = 'object')
);

GRANT SELECT, INSERT, UPDATE, DELETE ON aircraft_types TO flight_db_app;

GRANT SELECT ON aircraft_types TO flight_db_readonly;
