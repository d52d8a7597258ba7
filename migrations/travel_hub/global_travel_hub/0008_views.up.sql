-- security_invoker: a plain view reads with the rights of its owner, and shows every tenant what the owner sees.
CREATE VIEW v_active_users WITH (security_invoker = TRUE) AS
SELECT id, tenant_id, email, full_name, role, status, created_at, updated_at
FROM users
WHERE deleted_at IS NULL;

CREATE VIEW v_booking_details WITH (security_invoker = TRUE) AS
SELECT
    b.id AS booking_id,
    b.tenant_id,
    b.user_id,
    b.booking_reference,
    b.status,
    b.total_amount,
    b.currency,
    i.id AS item_id,
    i.item_type,
    i.quantity,
    i.unit_price,
    f.airline_code,
    f.flight_number,
    f.origin_airport,
    f.destination_airport,
    f.departure_at,
    f.arrival_at,
    h.hotel_name,
    h.check_in,
    h.check_out
FROM bookings AS b
LEFT JOIN booking_items AS i ON i.booking_id = b.id -- noqa: ST09
LEFT JOIN flight_bookings AS f ON f.id = i.flight_booking_id
LEFT JOIN hotel_bookings AS h ON h.id = i.hotel_booking_id
WHERE b.deleted_at IS NULL;

GRANT SELECT ON v_active_users TO global_travel_hub_app;

GRANT SELECT ON v_active_users TO global_travel_hub_readonly;

GRANT SELECT ON v_booking_details TO global_travel_hub_app;

GRANT SELECT ON v_booking_details TO global_travel_hub_readonly;
