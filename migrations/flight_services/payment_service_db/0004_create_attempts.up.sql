CREATE TABLE payment_attempts (
    id uuid DEFAULT gen_random_uuid() PRIMARY KEY,
    payment_id uuid NOT NULL,
    attempt_number integer NOT NULL,
    gateway_response_code varchar(50),
    gateway_response_message text,
    success boolean NOT NULL,
    attempted_at timestamptz NOT NULL DEFAULT current_timestamp,
    payment_created_at timestamptz NOT NULL,
    CONSTRAINT fk_payment_attempts_payment
    FOREIGN KEY (payment_id, payment_created_at) REFERENCES payments (id, created_at) ON DELETE RESTRICT,
    CONSTRAINT idx_attempts_payment_id UNIQUE (payment_id, attempt_number),
    CONSTRAINT valid_attempt_number CHECK (attempt_number > 0)
);

GRANT SELECT, INSERT, UPDATE ON payment_attempts TO payment_service_db_app;

GRANT SELECT ON payment_attempts TO payment_service_db_readonly;
