-- expects: table-rewrite
-- given
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint,
    state text,
    total numeric(10, 2),
    note varchar(50),
    placed_at timestamp
);
CREATE TABLE todo (command text);
INSERT INTO todo VALUES ('ALTER TABLE orders ALTER total TYPE numeric(12, 4)');
-- migration
DO $$
DECLARE
    command text;
BEGIN
    FOR command IN SELECT todo.command FROM todo LOOP
        EXECUTE command;
    END LOOP;
END $$;
