CREATE DOMAIN state AS text;
CREATE TABLE booking (state state DEFAULT 'new');
