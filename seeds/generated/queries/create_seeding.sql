-- How far each driver of the one set of generated data has come; written in the transaction of each batch.
CREATE TABLE IF NOT EXISTS airside.seeding (
    driver text PRIMARY KEY,
    next bigint NOT NULL DEFAULT 0,
    total bigint NOT NULL,
    recipe text NOT NULL,
    scale bigint NOT NULL,
    random_seed bigint NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL
);
