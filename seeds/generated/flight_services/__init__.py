"""Six databases of flights sold: who people are, what they searched, booked, paid and said, and the figures per day."""

from ..declaration import Driver, GeneratedSystem, Reference, Undigested

system = GeneratedSystem(
    __file__,
    drivers=(
        Driver("user", "scale"),
        Driver("search", "searches", batch=5000),
        Driver("booking", "bookings"),
        # one statement that reads all bookings once
        Driver("day", "days", batch=100_000),
    ),
    # departures lie up to 301 days after the booking
    horizon_days={"booking_service_db": 302},
    references=(
        Reference.of("search_service_db.search_history(user_id)", "user_service_db.users(id)"),
        Reference.of("booking_service_db.bookings(user_id)", "user_service_db.users(id)"),
        Reference.of("booking_service_db.booking_audit_log(changed_by)", "user_service_db.users(id)"),
        Reference.of("booking_service_db.bookings(payment_id, id)", "payment_service_db.payments(id, booking_id)"),
        Reference.of("payment_service_db.payments(booking_id, user_id)", "booking_service_db.bookings(id, user_id)"),
        Reference.of("payment_service_db.refunds(requested_by)", "user_service_db.users(id)"),
        Reference.of("review_service_db.reviews(booking_id, user_id)", "booking_service_db.bookings(id, user_id)"),
        Reference.of("review_service_db.reviews(moderated_by)", "user_service_db.users(id)"),
        Reference.of("review_service_db.review_votes(user_id)", "user_service_db.users(id)"),
    ),
    undigested=(
        Undigested("payment_service_db.payments(updated_at)", "a refund sets it to the time it is written"),
        Undigested("review_service_db.reviews(updated_at)", "a vote sets it to the time it is written"),
    ),
)
