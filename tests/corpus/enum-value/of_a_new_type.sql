-- safe
-- given
CREATE TABLE orders (id int PRIMARY KEY);
-- migration
CREATE TYPE kind AS ENUM ('air', 'sea');
ALTER TABLE orders ADD COLUMN kind kind DEFAULT 'air';
