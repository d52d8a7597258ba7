CREATE TYPE state AS ENUM ('new');
ALTER TYPE state ADD VALUE 'paid';
ALTER TYPE state ADD VALUE 'draft' BEFORE 'new';
