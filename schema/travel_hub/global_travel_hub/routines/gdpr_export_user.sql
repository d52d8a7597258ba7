-- Everything about a person but secrets, each row once: subqueries instead of joins that multiply each other.
CREATE FUNCTION gdpr_export_user(p_user uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'user', to_jsonb(u) - 'hashed_password',
        'oauth_accounts', coalesce((
            SELECT jsonb_agg(to_jsonb(o) - 'access_token_encrypted' - 'refresh_token_encrypted' ORDER BY o.created_at)
            FROM oauth_accounts o
            WHERE o.user_id = u.id
        ), '[]'),
        'chat_sessions', coalesce((
            SELECT jsonb_agg(
                to_jsonb(s) || jsonb_build_object('messages', coalesce((
                    SELECT jsonb_agg(to_jsonb(m) ORDER BY m.created_at)
                    FROM chat_messages m
                    WHERE m.session_id = s.id
                ), '[]'))
                ORDER BY s.created_at
            )
            FROM chat_sessions s
            WHERE s.user_id = u.id
        ), '[]'),
        'bookings', coalesce((
            SELECT jsonb_agg(
                to_jsonb(b) || jsonb_build_object('items', coalesce((
                    SELECT jsonb_agg(to_jsonb(i) || jsonb_build_object('flight', to_jsonb(f), 'hotel', to_jsonb(h)))
                    FROM booking_items i
                    LEFT JOIN flight_bookings f ON f.id = i.flight_booking_id
                    LEFT JOIN hotel_bookings h ON h.id = i.hotel_booking_id
                    WHERE i.booking_id = b.id
                ), '[]'))
                ORDER BY b.created_at
            )
            FROM bookings b
            WHERE b.user_id = u.id
        ), '[]'),
        'analytics_events', coalesce((
            SELECT jsonb_agg(to_jsonb(e) ORDER BY e.created_at)
            FROM analytics_events e
            WHERE e.user_id = u.id
        ), '[]')
    )
    FROM users u
    WHERE u.id = p_user
$$;
