-- expects: catalog-edit
-- given
CREATE TYPE state AS ENUM ('new', 'paid', 'void');
-- migration
DELETE FROM pg_enum WHERE enumlabel = 'void';
