CREATE TABLE line (price integer, total integer GENERATED ALWAYS AS (price * 2) STORED);
