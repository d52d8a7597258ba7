-- expects: drop-object
-- given
CREATE TYPE state AS ENUM ('new', 'paid');
-- migration
DROP TYPE state;
