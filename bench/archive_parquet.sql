CREATE TABLE public.bookings (
 id uuid NOT NULL, reference varchar(10) NOT NULL, customer_id bigint NOT NULL, status varchar(20) NOT NULL, channel text NOT NULL,
 created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, travel_date date NOT NULL, return_date date,
 origin char(3) NOT NULL, destination char(3) NOT NULL, passengers smallint NOT NULL, adults int NOT NULL, children int NOT NULL,
 amount numeric(12,2) NOT NULL, tax numeric(12,2) NOT NULL, fees numeric(12,2) NOT NULL, discount numeric(12,2), currency char(3) NOT NULL,
 email text NOT NULL, phone text, paid boolean NOT NULL, extras jsonb NOT NULL, note text, cancelled_at timestamptz,
 PRIMARY KEY (id, created_at)) PARTITION BY RANGE (created_at);
CREATE INDEX ON public.bookings (customer_id); CREATE INDEX ON public.bookings (status, created_at); CREATE INDEX ON public.bookings (reference);
CREATE TABLE public.bookings_2024 PARTITION OF public.bookings FOR VALUES FROM ('2024-01-01 00:00+00') TO ('2026-01-01 00:00+00');
INSERT INTO public.bookings SELECT gen_random_uuid(), upper(substr(md5(i::text),1,8)), i % 50000, (ARRAY['confirmed','cancelled','completed'])[1+i%3], 'web',
 '2024-01-01'::timestamptz + i * interval '15 seconds', '2024-01-01'::timestamptz + i * interval '15.5 seconds', '2024-03-01'::date + i%300, CASE WHEN i%2=0 THEN '2024-04-01'::date + i%300 END,
 'LHR','JFK', i%9, i%5, i%4, (i%100000)/7.0, (i%1000)/9.0, 5, CASE WHEN i%5=0 THEN 10.5 END, 'EUR', 'customer'||i||'@example.com', '+44'||i, i%2=0,
 jsonb_build_object('seat', i%300, 'bag', i%2=0), CASE WHEN i%10=0 THEN 'note '||md5(i::text) END, CASE WHEN i%3=1 THEN '2024-06-01'::timestamptz + i * interval '1 second' END
FROM generate_series(1, current_setting('bench.rows')::integer) AS i;
