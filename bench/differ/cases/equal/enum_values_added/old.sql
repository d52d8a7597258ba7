CREATE TYPE state AS ENUM ('draft', 'new', 'paid');
