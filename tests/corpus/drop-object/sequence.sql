-- expects: drop-object
-- given
CREATE SEQUENCE invoice_number;
-- migration
DROP SEQUENCE invoice_number;
