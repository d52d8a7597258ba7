-- expects: identifier-truncated
-- given
CREATE TABLE users (id int PRIMARY KEY);
-- migration
ALTER TABLE users ADD COLUMN "größe und gewicht des gepäckstücks, das aufgegeben worden ist (kg)" text;
