CREATE DOMAIN email AS text CONSTRAINT at_sign CHECK (VALUE LIKE '%@%');
COMMENT ON CONSTRAINT at_sign ON DOMAIN email IS 'One is enough';
