-- expects: drop-object
-- timeouts: file
-- given
CREATE SEQUENCE invoice_seq; CREATE TABLE invoice (id int PRIMARY KEY);
-- migration
DROP SEQUENCE invoice_seq;
