-- safe
-- given
CREATE SEQUENCE numbers;
-- migration
ALTER SEQUENCE numbers CACHE 50;
COMMENT ON SEQUENCE numbers IS 'x';
