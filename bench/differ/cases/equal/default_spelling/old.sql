CREATE TABLE trip (
    a text DEFAULT 'x', b boolean DEFAULT 't', c integer DEFAULT '4', d timestamptz DEFAULT CURRENT_TIMESTAMP, e text DEFAULT NULL
);
