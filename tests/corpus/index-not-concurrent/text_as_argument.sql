-- expects: index-not-concurrent
-- given
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint,
    state text,
    total numeric(10, 2),
    note varchar(50),
    placed_at timestamp
);
CREATE FUNCTION run_ddl(command text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE command;
END $$;
-- migration
SELECT run_ddl('CREATE INDEX ON orders (state)');
