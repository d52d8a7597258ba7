"""A flight booking system of five databases that agree on who flies where, in which seat, and who paid for it."""

from ..declaration import Driver, GeneratedSystem, Reference

system = GeneratedSystem(
    __file__,
    # the timetable goes seventeen weeks beyond the week in which the span ends
    horizon_days={"flight_db": 127},
    # inventory counts the seats that bookings took, so departures come last
    drivers=(
        Driver("user", "users"),
        Driver("flight", "flights"),
        Driver("booking", "bookings"),
        Driver("departure", "departures"),
    ),
    references=(
        Reference.of("booking_db.bookings(user_id)", "user_db.users(id)"),
        Reference.of("booking_db.booking_history(changed_by)", "user_db.users(id)"),
        Reference.of(
            "booking_db.booking_segments(flight_instance_id, departure_datetime)",
            "flight_db.flight_instances(id, departure_datetime)",
        ),
        Reference.of("payment_db.payment_methods(user_id)", "user_db.users(id)"),
        Reference.of("payment_db.transactions(booking_id, user_id)", "booking_db.bookings(id, user_id)"),
        Reference.of("payment_db.transactions(user_id)", "user_db.users(id)"),
        Reference.of(
            "payment_db.transactions(booking_id, amount, currency)",
            "booking_db.bookings(id, total_amount, currency)",
            where="transaction_type = 'payment'",
        ),
        Reference.of("payment_db.refunds(processed_by)", "user_db.users(id)"),
        Reference.of("inventory_db.pricing_rules(flight_id)", "flight_db.flights(id)"),
        Reference.of("inventory_db.inventory(flight_instance_id)", "flight_db.flight_instances(id)"),
        Reference.of("inventory_db.seat_reservations(flight_instance_id)", "flight_db.flight_instances(id)"),
        Reference.of("inventory_db.seat_reservations(booking_id)", "booking_db.bookings(id)"),
        Reference.of(
            "inventory_db.seat_reservations(booking_id, flight_instance_id)",
            "booking_db.booking_segments(booking_id, flight_instance_id)",
        ),
        Reference.of("inventory_db.seat_configurations(aircraft_type_id)", "flight_db.aircraft_types(id)"),
    ),
)
