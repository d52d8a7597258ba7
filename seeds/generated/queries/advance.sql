UPDATE airside.seeding SET next = %(hi)s WHERE driver = %(driver)s;
