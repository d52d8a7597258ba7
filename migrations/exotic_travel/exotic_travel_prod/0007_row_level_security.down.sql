ALTER TABLE audit_logs DISABLE ROW LEVEL SECURITY;

DROP POLICY audit_logs_admin ON audit_logs;

ALTER TABLE bookings DISABLE ROW LEVEL SECURITY;

DROP POLICY bookings_owner ON bookings;
