CREATE DOMAIN money_amount AS numeric(12, 2) DEFAULT 0 NOT NULL;
CREATE TABLE line (price money_amount);
