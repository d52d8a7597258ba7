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
CREATE FUNCTION build() RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    CREATE INDEX orders_state ON public.orders (state);
END $$;
