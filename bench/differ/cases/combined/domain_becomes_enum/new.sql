CREATE TYPE state AS ENUM ('new', 'paid');
CREATE TABLE booking (state state DEFAULT 'new');
