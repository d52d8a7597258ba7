CREATE SCHEMA "Odd ""Schema""";
CREATE TABLE "Odd ""Schema"""."Select" ("Group By" integer);
