CREATE TYPE state AS ENUM ('new', 'held', 'paid');
CREATE TABLE booking (state state NOT NULL);
