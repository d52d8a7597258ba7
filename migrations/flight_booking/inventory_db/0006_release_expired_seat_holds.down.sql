DROP FUNCTION release_expired_seat_holds();
