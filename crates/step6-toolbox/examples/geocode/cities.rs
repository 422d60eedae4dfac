//! The addresses that are looked up: cities all over the world, with where they are.

/// Names, latitudes and longitudes, in degrees. To the north and to the east is positive.
#[rustfmt::skip] // One line a region reads better than one line a city.
pub(crate) const CITIES: [(&str, f64, f64); 160] = [
    // The north of America.
    ("Anchorage, USA", 61.22, -149.90), ("Honolulu, USA", 21.31, -157.86), ("Seattle, USA", 47.61, -122.33),
    ("San Francisco, USA", 37.77, -122.42), ("Los Angeles, USA", 34.05, -118.24), ("Denver, USA", 39.74, -104.99),
    ("Houston, USA", 29.76, -95.37), ("Chicago, USA", 41.88, -87.63), ("Atlanta, USA", 33.75, -84.39),
    ("Miami, USA", 25.76, -80.19), ("New York, USA", 40.71, -74.01), ("Boston, USA", 42.36, -71.06),
    ("Vancouver, Canada", 49.28, -123.12), ("Calgary, Canada", 51.05, -114.07), ("Yellowknife, Canada", 62.45, -114.37),
    ("Winnipeg, Canada", 49.90, -97.14), ("Toronto, Canada", 43.65, -79.38), ("Montreal, Canada", 45.50, -73.57),
    ("Halifax, Canada", 44.65, -63.58), ("St. John's, Canada", 47.56, -52.71), ("Iqaluit, Canada", 63.75, -68.52),
    ("Nuuk, Greenland", 64.18, -51.72), ("Tijuana, Mexico", 32.51, -117.04), ("Monterrey, Mexico", 25.69, -100.32),
    ("Mexico City, Mexico", 19.43, -99.13), ("Mérida, Mexico", 20.97, -89.62),
    // Its middle and the Caribbean.
    ("Guatemala City, Guatemala", 14.63, -90.51), ("Managua, Nicaragua", 12.11, -86.24),
    ("San José, Costa Rica", 9.93, -84.08), ("Panama City, Panama", 8.98, -79.52), ("Havana, Cuba", 23.11, -82.37),
    ("Kingston, Jamaica", 17.97, -76.79), ("Santo Domingo, Dominican Republic", 18.49, -69.93),
    // Its south.
    ("Caracas, Venezuela", 10.48, -66.90), ("Bogotá, Colombia", 4.71, -74.07), ("Quito, Ecuador", -0.18, -78.47),
    ("Lima, Peru", -12.05, -77.04), ("La Paz, Bolivia", -16.49, -68.12), ("Manaus, Brazil", -3.12, -60.02),
    ("Recife, Brazil", -8.05, -34.88), ("Brasília, Brazil", -15.79, -47.88), ("São Paulo, Brazil", -23.55, -46.63),
    ("Rio de Janeiro, Brazil", -22.91, -43.17), ("Asunción, Paraguay", -25.26, -57.58),
    ("Montevideo, Uruguay", -34.90, -56.16), ("Buenos Aires, Argentina", -34.60, -58.38),
    ("Córdoba, Argentina", -31.42, -64.18), ("Santiago, Chile", -33.45, -70.67), ("Antofagasta, Chile", -23.65, -70.40),
    ("Punta Arenas, Chile", -53.16, -70.91), ("Cayenne, French Guiana", 4.92, -52.33),
    // Europe.
    ("Reykjavík, Iceland", 64.15, -21.94), ("Dublin, Ireland", 53.35, -6.26), ("Edinburgh, United Kingdom", 55.95, -3.19),
    ("London, United Kingdom", 51.51, -0.13), ("Lisbon, Portugal", 38.72, -9.14), ("Madrid, Spain", 40.42, -3.70),
    ("Barcelona, Spain", 41.39, 2.17), ("Paris, France", 48.86, 2.35), ("Marseille, France", 43.30, 5.37),
    ("Brussels, Belgium", 50.85, 4.35), ("Amsterdam, Netherlands", 52.37, 4.90), ("Zürich, Switzerland", 47.38, 8.54),
    ("Milan, Italy", 45.46, 9.19), ("Rome, Italy", 41.90, 12.50), ("Palermo, Italy", 38.12, 13.36),
    ("Munich, Germany", 48.14, 11.58), ("Berlin, Germany", 52.52, 13.41), ("Hamburg, Germany", 53.55, 9.99),
    ("Copenhagen, Denmark", 55.68, 12.57), ("Oslo, Norway", 59.91, 10.75), ("Tromsø, Norway", 69.65, 18.96),
    ("Stockholm, Sweden", 59.33, 18.07), ("Helsinki, Finland", 60.17, 24.94), ("Riga, Latvia", 56.95, 24.11),
    ("Warsaw, Poland", 52.23, 21.01), ("Prague, Czechia", 50.08, 14.44), ("Vienna, Austria", 48.21, 16.37),
    ("Budapest, Hungary", 47.50, 19.04), ("Belgrade, Serbia", 44.79, 20.45), ("Bucharest, Romania", 44.43, 26.10),
    ("Sofia, Bulgaria", 42.70, 23.32), ("Athens, Greece", 37.98, 23.73), ("Kyiv, Ukraine", 50.45, 30.52),
    ("Moscow, Russia", 55.76, 37.62), ("Murmansk, Russia", 68.97, 33.08), ("Kazan, Russia", 55.79, 49.12),
    // Africa.
    ("Casablanca, Morocco", 33.57, -7.59), ("Algiers, Algeria", 36.75, 3.06), ("Tunis, Tunisia", 36.81, 10.18),
    ("Tripoli, Libya", 32.89, 13.19), ("Cairo, Egypt", 30.04, 31.24), ("Khartoum, Sudan", 15.50, 32.56),
    ("Nouakchott, Mauritania", 18.08, -15.98), ("Dakar, Senegal", 14.72, -17.47), ("Bamako, Mali", 12.64, -8.00),
    ("Abidjan, Côte d'Ivoire", 5.36, -4.01), ("Accra, Ghana", 5.60, -0.19), ("Lagos, Nigeria", 6.52, 3.38),
    ("Kano, Nigeria", 12.00, 8.52), ("N'Djamena, Chad", 12.13, 15.06), ("Douala, Cameroon", 4.05, 9.77),
    ("Kinshasa, DR Congo", -4.44, 15.27), ("Addis Ababa, Ethiopia", 9.03, 38.74), ("Mogadishu, Somalia", 2.05, 45.32),
    ("Kampala, Uganda", 0.35, 32.58), ("Nairobi, Kenya", -1.29, 36.82), ("Dar es Salaam, Tanzania", -6.79, 39.21),
    ("Luanda, Angola", -8.84, 13.23), ("Lusaka, Zambia", -15.39, 28.32), ("Harare, Zimbabwe", -17.83, 31.05),
    ("Windhoek, Namibia", -22.56, 17.08), ("Johannesburg, South Africa", -26.20, 28.05),
    ("Cape Town, South Africa", -33.92, 18.42), ("Maputo, Mozambique", -25.97, 32.57),
    ("Antananarivo, Madagascar", -18.88, 47.51),
    // The west and the south of Asia.
    ("Istanbul, Türkiye", 41.01, 28.98), ("Ankara, Türkiye", 39.93, 32.86), ("Tbilisi, Georgia", 41.72, 44.79),
    ("Baghdad, Iraq", 33.31, 44.36), ("Riyadh, Saudi Arabia", 24.71, 46.68), ("Muscat, Oman", 23.59, 58.41),
    ("Tehran, Iran", 35.69, 51.39), ("Karachi, Pakistan", 24.86, 67.00), ("Delhi, India", 28.61, 77.21),
    ("Mumbai, India", 19.08, 72.88), ("Bengaluru, India", 12.97, 77.59), ("Kolkata, India", 22.57, 88.36),
    ("Colombo, Sri Lanka", 6.93, 79.86), ("Kathmandu, Nepal", 27.72, 85.32), ("Dhaka, Bangladesh", 23.81, 90.41),
    // Its north and its east.
    ("Tashkent, Uzbekistan", 41.30, 69.24), ("Almaty, Kazakhstan", 43.24, 76.89), ("Novosibirsk, Russia", 55.03, 82.92),
    ("Irkutsk, Russia", 52.29, 104.28), ("Yakutsk, Russia", 62.03, 129.73), ("Vladivostok, Russia", 43.12, 131.89),
    ("Ulaanbaatar, Mongolia", 47.89, 106.91), ("Ürümqi, China", 43.83, 87.62), ("Beijing, China", 39.90, 116.41),
    ("Shanghai, China", 31.23, 121.47), ("Hong Kong, China", 22.32, 114.17), ("Seoul, South Korea", 37.57, 126.98),
    ("Tokyo, Japan", 35.68, 139.69), ("Sapporo, Japan", 43.06, 141.35), ("Taipei, Taiwan", 25.03, 121.57),
    ("Manila, Philippines", 14.60, 120.98), ("Hanoi, Vietnam", 21.03, 105.85), ("Bangkok, Thailand", 13.76, 100.50),
    ("Singapore, Singapore", 1.35, 103.82), ("Jakarta, Indonesia", -6.21, 106.85),
    // Australia and the islands.
    ("Port Moresby, Papua New Guinea", -9.44, 147.18), ("Darwin, Australia", -12.46, 130.84),
    ("Alice Springs, Australia", -23.70, 133.88), ("Perth, Australia", -31.95, 115.86),
    ("Sydney, Australia", -33.87, 151.21), ("Hobart, Australia", -42.88, 147.33), ("Suva, Fiji", -18.14, 178.44),
    ("Auckland, New Zealand", -36.85, 174.76), ("Wellington, New Zealand", -41.29, 174.78),
];

/// Addresses that are nowhere, so that a lookup can fail.
pub(crate) const LEGENDS: [&str; 2] = ["Atlantis", "El Dorado"];
