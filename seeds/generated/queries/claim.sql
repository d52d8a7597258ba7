-- Where the next batch begins. The lock makes two runs at once take turns, and waits for the last batch of a killed one.
SELECT next, total FROM airside.seeding WHERE driver = %(driver)s FOR UPDATE;
