//! Numbers that range from a nanosecond to a second.

/// Writes a time that is given in nanoseconds, to three digits.
///
/// # Examples
///
/// ```
/// use benches::units::time;
///
/// assert_eq!(time(0.5), "0.500 ns");
/// assert_eq!(time(12.345), "12.3 ns");
/// assert_eq!(time(999.9), "1.00 µs");
/// assert_eq!(time(123_456_789.0), "123 ms");
/// ```
pub fn time(nanoseconds: f64) -> String {
    time_to(nanoseconds, 3)
}

/// Writes a power of ten, given as its exponent, as that many nanoseconds; the unit only where it
/// is a new one.
///
/// # Examples
///
/// ```
/// use benches::units::decade;
///
/// assert_eq!([-1, 0, 1, 2, 3, 4].map(decade), ["0.1", "1 ns", "10", "100", "1 µs", "10"]);
/// ```
pub fn decade(exponent: i32) -> String {
    let written = time_to(10_f64.powi(exponent), 1);
    if exponent % 3 == 0 {
        written
    } else {
        written.split(' ').take(1).collect()
    }
}

fn time_to(nanoseconds: f64, count: i32) -> String {
    let units = [(1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1.0, "ns")];
    let rounded = round(nanoseconds, count);
    let (size, unit) = units
        .into_iter()
        .find(|(size, _)| rounded >= *size)
        .unwrap_or((1.0, "ns"));
    format!("{} {unit}", digits(rounded / size, count))
}

/// Writes a ratio, to two digits.
///
/// # Examples
///
/// ```
/// use benches::units::ratio;
///
/// assert_eq!(ratio(0.123), "0.12");
/// assert_eq!(ratio(4.56), "4.6");
/// assert_eq!(ratio(789.0), "790");
/// assert_eq!(ratio(12_345.0), "12,000");
/// ```
pub fn ratio(ratio: f64) -> String {
    digits(ratio, 2)
}

/// Writes a number to this many digits, in groups of three.
fn digits(number: f64, digits: i32) -> String {
    let rounded = round(number, digits);
    let decimals = (digits - 1 - magnitude(rounded)).max(0) as usize;
    let mut text = format!("{rounded:.decimals$}");
    let mut end = text.find('.').unwrap_or(text.len());
    while end > 3 {
        end -= 3;
        text.insert(end, ',');
    }
    text
}

fn round(number: f64, digits: i32) -> f64 {
    let factor = 10_f64.powi(digits - 1 - magnitude(number));
    (number * factor).round() / factor
}

/// Returns how many powers of ten are in a number: 0 from 1 to 10. It is 0 for zero too.
fn magnitude(number: f64) -> i32 {
    if number > 0.0 {
        number.log10().floor() as i32
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_up_keeps_the_number_of_digits() {
        assert_eq!(time(9.996), "10.0 ns");
        assert_eq!(time(99.96), "100 ns");
        assert_eq!(time(999_999.0), "1.00 ms");
        assert_eq!(ratio(0.999), "1.0");
        assert_eq!(ratio(9.99), "10");
    }

    #[test]
    fn zero_is_written_too() {
        assert_eq!(time(0.0), "0.00 ns");
    }

    #[test]
    fn more_than_a_second_is_in_seconds() {
        assert_eq!(time(1_234_567_890_123.0), "1,230 s");
    }
}
