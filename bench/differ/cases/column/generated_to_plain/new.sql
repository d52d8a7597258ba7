CREATE TABLE line (price integer, total integer);
