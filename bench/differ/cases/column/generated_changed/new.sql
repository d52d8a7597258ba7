CREATE TABLE line (price integer, amount integer, total integer GENERATED ALWAYS AS (price * amount + 1) STORED);
CREATE INDEX ON line (total);
