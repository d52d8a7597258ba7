-- expects: foreign-key-not-valid
-- given
CREATE TABLE customers (id bigint PRIMARY KEY, name text);
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint,
    state text,
    total numeric(10, 2),
    note varchar(50),
    placed_at timestamp
);
-- migration
ALTER TABLE public.orders ADD FOREIGN KEY (customer_id) REFERENCES public.customers ON DELETE CASCADE;
