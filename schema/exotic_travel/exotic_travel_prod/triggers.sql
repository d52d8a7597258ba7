CREATE TRIGGER trigger_bookings_check_guests BEFORE INSERT OR UPDATE OF guests, destination_id ON bookings
FOR EACH ROW EXECUTE FUNCTION bookings_check_guests();

-- Not on every column: a helpful vote must not lock the destination.
CREATE TRIGGER trigger_update_destination_rating AFTER INSERT OR DELETE OR UPDATE OF rating, destination_id ON reviews
FOR EACH ROW EXECUTE FUNCTION update_destination_rating();

CREATE TRIGGER trigger_users_audit AFTER INSERT OR UPDATE OR DELETE ON users
FOR EACH ROW EXECUTE FUNCTION write_audit_log();

CREATE TRIGGER trigger_bookings_audit AFTER INSERT OR UPDATE OR DELETE ON bookings
FOR EACH ROW EXECUTE FUNCTION write_audit_log();
