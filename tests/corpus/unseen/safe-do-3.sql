-- safe
-- timeouts: file
-- given
CREATE TABLE employees (emp_no int PRIMARY KEY, first_name varchar(14) NOT NULL, last_name varchar(16), hired date, salary int, dept_code char(4), manager_no int);
CREATE TABLE departments (dept_code char(4) PRIMARY KEY, dept_name varchar(40) NOT NULL);
CREATE INDEX employees_manager ON employees (manager_no);
CREATE INDEX employees_dept ON employees (dept_code);
-- migration
SET lock_timeout = '2s';
DO $$
DECLARE y int;
BEGIN
  CREATE TABLE visits (at date NOT NULL, n int) PARTITION BY RANGE (at);
  FOR y IN 2024..2027 LOOP
    EXECUTE format('CREATE TABLE visits_%s PARTITION OF visits FOR VALUES FROM (%L) TO (%L)', y, make_date(y, 1, 1), make_date(y + 1, 1, 1));
  END LOOP;
END $$;
