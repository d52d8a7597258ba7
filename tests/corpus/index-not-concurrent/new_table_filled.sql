-- safe
-- given
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint,
    state text,
    total numeric(10, 2),
    note varchar(50),
    placed_at timestamp
);
-- migration
CREATE TABLE order_states AS SELECT id, state FROM orders;
ALTER TABLE order_states ADD PRIMARY KEY (id);
CREATE INDEX order_states_state ON order_states (state);
