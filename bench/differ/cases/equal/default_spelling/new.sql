CREATE TABLE trip (
    a text DEFAULT 'x'::text, b boolean DEFAULT true, c integer DEFAULT '4'::integer,
    d timestamptz DEFAULT (CURRENT_TIMESTAMP), e text
);
