-- expects: scan-under-lock
-- given
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint,
    state text,
    total numeric(10, 2),
    note varchar(50),
    placed_at timestamp
);
INSERT INTO orders VALUES (1, 1, 'new', 1, 'n', now());
CREATE TABLE todo (command text);
INSERT INTO todo VALUES ('ALTER TABLE orders ALTER state SET NOT NULL');
-- migration
DO $$
DECLARE
    command text;
BEGIN
    FOR command IN SELECT todo.command FROM todo LOOP
        EXECUTE command;
    END LOOP;
END $$;
