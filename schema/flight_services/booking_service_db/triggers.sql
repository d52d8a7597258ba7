-- Only where the date is written: a trip that is put off must not fail on a passport.
CREATE TRIGGER trg_booking_passengers_passport BEFORE INSERT OR UPDATE OF passport_expiry_date ON booking_passengers
FOR EACH ROW EXECUTE FUNCTION require_future_passport();
