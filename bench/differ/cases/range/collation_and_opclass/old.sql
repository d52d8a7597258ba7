CREATE TYPE letters AS RANGE (subtype = text);
