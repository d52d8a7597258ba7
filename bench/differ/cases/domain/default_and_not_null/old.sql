CREATE DOMAIN money_amount AS numeric(12, 2);
CREATE TABLE line (price money_amount);
