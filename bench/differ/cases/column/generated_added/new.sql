CREATE TABLE line (price numeric, amount integer, total numeric GENERATED ALWAYS AS (price * amount) STORED);
