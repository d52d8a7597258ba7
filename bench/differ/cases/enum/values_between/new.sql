CREATE TYPE state AS ENUM ('draft', 'new', 'held', 'paid');
