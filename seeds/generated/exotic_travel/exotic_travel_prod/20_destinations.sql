-- airside: per destination
INSERT INTO destinations (
    id,
    name,
    description,
    country,
    city,
    price,
    duration,
    max_guests,
    images,
    features,
    rating,
    review_count,
    active,
    created_at,
    updated_at
)
SELECT
    pg_temp.row_id(d.n),
    d.place[1] || ' ' || d.theme[1],
    pg_temp.days(d.n) || ' days in ' || d.place[1] || ', ' || d.place[2] || ': ' || d.theme[2] || '. '
    || pg_temp.pick('praise', d.n, ARRAY[
        'Small groups and local guides.',
        'Breakfast and all transfers are part of it.',
        'No crowds, no schedule before nine.',
        'Our most booked trip of the year.',
        'For those who have been everywhere else.'
    ]),
    d.place[2],
    d.place[1],
    pg_temp.price(d.n),
    pg_temp.days(d.n),
    pg_temp.max_guests(d.n),
    ARRAY[
        'https://images.exotic.example/' || pg_temp.row_id(d.n) || '/1.jpg',
        'https://images.exotic.example/' || pg_temp.row_id(d.n) || '/2.jpg'
    ],
    ARRAY[d.theme[3], pg_temp.pick('feature', d.n, ARRAY['Spa', 'Pool', 'Wi-Fi', 'Breakfast', 'Airport transfer'])],
    0,
    0,
    d.n < pg_temp.booked_destinations() OR pg_temp.chance('active', d.n, 0.5),
    d.created,
    d.created
FROM (
    SELECT
        s.n,
        string_to_array((ARRAY[
            'Bora Bora|French Polynesia', 'Ubud|Indonesia', 'Malé|Maldives', 'Zanzibar City|Tanzania',
            'Cusco|Peru', 'Reykjavík|Iceland', 'Kyoto|Japan', 'Queenstown|New Zealand', 'Marrakesh|Morocco',
            'Galápagos|Ecuador', 'Luang Prabang|Laos', 'Tromsø|Norway', 'Victoria|Seychelles', 'Petra|Jordan',
            'Ushuaia|Argentina', 'Hội An|Vietnam', 'Leh|India', 'Swakopmund|Namibia', 'Samarkand|Uzbekistan',
            'Palawan|Philippines', 'Nosy Be|Madagascar', 'Paro|Bhutan', 'Cartagena|Colombia', 'Tulum|Mexico',
            'Siem Reap|Cambodia', 'Muscat|Oman', 'San Pedro de Atacama|Chile', 'Kotor|Montenegro',
            'Mo''orea|French Polynesia', 'Pokhara|Nepal', 'Maun|Botswana', 'Svaneti|Georgia', 'Kandy|Sri Lanka',
            'Ilulissat|Greenland', 'Livingstone|Zambia', 'Yangshuo|China', 'Monteverde|Costa Rica'
        ])[1 + mod(s.n, 37)], '|') AS place,
        string_to_array((ARRAY[
            'Hideaway|a house of your own, far from everything|Private house',
            'Lagoon Days|reefs in the morning, hammocks in the afternoon|Snorkelling',
            'Trek|old paths on foot, your bags go by mule|Hiking guide',
            'Food Walks|markets, kitchens and a table for a dozen|Cooking class',
            'under Stars|nights in the open with an astronomer|Stargazing',
            'Safari|out at dawn, when the animals are|Game drives',
            'by Boat|islands that no road leads to|Own boat',
            'Temples|quiet hours where the buses come later|Historian',
            'Wellness Week|massage, baths and long sleep|Sauna'
        ])[1 + mod(s.n / 37 + s.n * 2, 9)], '|') AS theme,
        pg_temp.moment(
            'destination', s.n, pg_temp.since() - interval '3 years', pg_temp.since() - interval '1 month'
        ) AS created
    FROM pg_temp.numbers(%(lo)s, %(hi)s) AS s (n)
    OFFSET 0
) AS d;
