-- expects: lossy-type-change
-- timeouts: file
-- given
CREATE TABLE employees (emp_no int PRIMARY KEY, first_name varchar(14) NOT NULL, last_name varchar(16), hired date, salary int, dept_code char(4), manager_no int);
CREATE TABLE departments (dept_code char(4) PRIMARY KEY, dept_name varchar(40) NOT NULL);
CREATE INDEX employees_manager ON employees (manager_no);
CREATE INDEX employees_dept ON employees (dept_code);
-- migration
SET lock_timeout = '2s';
ALTER TABLE departments ALTER COLUMN dept_name TYPE varchar(20) USING left(dept_name, 20);
