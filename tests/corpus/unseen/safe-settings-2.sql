-- safe
-- timeouts: file
-- given
SET statement_timeout = 0;
SET lock_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET client_min_messages = warning;
SET default_tablespace = '';
CREATE TABLE public.customers (
    id bigint NOT NULL,
    email character varying(255) NOT NULL,
    name text,
    country character(2) DEFAULT 'NO'::bpchar,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
CREATE SEQUENCE public.customers_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE public.customers_id_seq OWNED BY public.customers.id;
CREATE TABLE public.orders (
    id bigint NOT NULL,
    customer_id bigint,
    status character varying(20) DEFAULT 'new'::character varying NOT NULL,
    total numeric(10,2),
    note text,
    placed_at timestamp without time zone
);
ALTER TABLE ONLY public.customers ALTER COLUMN id SET DEFAULT nextval('public.customers_id_seq'::regclass);
ALTER TABLE ONLY public.customers ADD CONSTRAINT customers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.customers ADD CONSTRAINT customers_email_key UNIQUE (email);
ALTER TABLE ONLY public.orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id);
CREATE INDEX orders_status_idx ON public.orders USING btree (status);
CREATE INDEX orders_customer_idx ON public.orders USING btree (customer_id);
RESET search_path;
-- migration
SET lock_timeout = '2s';
ALTER TABLE public.orders ALTER COLUMN status SET STATISTICS 500;
CREATE STATISTICS public.orders_dep (dependencies) ON customer_id, status FROM public.orders;
ANALYZE public.orders;
