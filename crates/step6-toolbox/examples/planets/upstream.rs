//! The service that knows the planets: slow, like one that this program would otherwise ask over
//! the internet.

use std::time::Duration;

use http::{Request, Response};
use step5_executor::sleep;

/// Names, mean radii in kilometres, and mean distances from the Sun in astronomical units.
const PLANETS: [(&str, u32, f64); 8] = [
    ("Mercury", 2_440, 0.387),
    ("Venus", 6_052, 0.723),
    ("Earth", 6_371, 1.0),
    ("Mars", 3_390, 1.524),
    ("Jupiter", 69_911, 5.203),
    ("Saturn", 58_232, 9.537),
    ("Uranus", 25_362, 19.19),
    ("Neptune", 24_622, 30.07),
];

/// Returns what is known of a planet, in JSON; the first is the one nearest to the Sun. `None` if
/// there is none.
pub(crate) fn planet(number: usize) -> Option<String> {
    let (name, radius_km, distance_au) = PLANETS.get(number.checked_sub(1)?)?;
    Some(format!(
        "{{\"number\": {number}, \"name\": \"{name}\", \"radius_km\": {radius_km}, \"distance_au\": {distance_au:?}}}\n"
    ))
}

/// Answers `/planets/N`, after a while.
pub(crate) async fn answer(request: &Request, latency: Duration) -> Response {
    sleep(latency).await;
    let number = request
        .path
        .strip_prefix("/planets/")
        .and_then(|number| number.parse().ok());
    match number.and_then(planet) {
        Some(planet) => Response::json(200, planet),
        None => Response::error(404, "there is no such planet"),
    }
}
