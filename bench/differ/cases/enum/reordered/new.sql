CREATE TYPE state AS ENUM ('paid', 'new');
CREATE TABLE booking (state state);
