CREATE TABLE line (price numeric, amount integer);
