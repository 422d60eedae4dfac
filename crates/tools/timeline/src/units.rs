//! Times and other numbers, as pictures and tables show them.

/// The units of time, and how many nanoseconds they have.
const UNITS: [(&str, u64); 4] = [
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("µs", 1_000),
    ("ns", 1),
];

/// Writes a time in the greatest unit of which it has at least one, to three decimals at most.
///
/// It is rounded down, so that `2 s` is never said of less.
///
/// # Examples
///
/// ```
/// use timeline::units::time;
///
/// assert_eq!(time(0), "0 s");
/// assert_eq!(time(1_250_000), "1.25 ms");
/// assert_eq!(time(1_999_999_999), "1.999 s");
/// ```
pub fn time(nanos: u64) -> String {
    let (unit, size) = unit_of(nanos);
    let thousandth = (size / 1_000).max(1);
    format!("{} {unit}", decimal(nanos / thousandth * thousandth, size))
}

/// Writes a measured time, given in nanoseconds, to three digits.
///
/// # Examples
///
/// ```
/// use timeline::units::measured;
///
/// assert_eq!(measured(0.5), "0.500 ns");
/// assert_eq!(measured(12.345), "12.3 ns");
/// assert_eq!(measured(999.9), "1.00 µs");
/// assert_eq!(measured(123_456_789.0), "123 ms");
/// ```
pub fn measured(nanoseconds: f64) -> String {
    measured_to(nanoseconds, 3)
}

/// Writes a power of ten, given as its exponent, as that many nanoseconds; the unit only where it
/// is a new one.
///
/// # Examples
///
/// ```
/// use timeline::units::decade;
///
/// assert_eq!([-1, 0, 1, 2, 3, 4].map(decade), ["0.1", "1 ns", "10", "100", "1 µs", "10"]);
/// ```
pub fn decade(exponent: i32) -> String {
    let written = measured_to(10_f64.powi(exponent), 1);
    match written.split_once(' ') {
        Some((number, _)) if exponent % 3 != 0 => number.to_owned(),
        _ => written,
    }
}

/// Writes a ratio, to two digits.
///
/// # Examples
///
/// ```
/// use timeline::units::ratio;
///
/// assert_eq!(ratio(0.123), "0.12");
/// assert_eq!(ratio(4.56), "4.6");
/// assert_eq!(ratio(789.0), "790");
/// assert_eq!(ratio(12_345.0), "12,000");
/// ```
pub fn ratio(ratio: f64) -> String {
    digits(ratio, 2)
}

/// Writes an integer, in groups of three digits.
///
/// # Examples
///
/// ```
/// use timeline::units::integer;
///
/// assert_eq!([7, 1_000, 1_234_567].map(integer), ["7", "1,000", "1,234,567"]);
/// ```
pub fn integer(number: u64) -> String {
    grouped(number.to_string())
}

pub(crate) fn unit_of(nanos: u64) -> (&'static str, u64) {
    let unit = UNITS.into_iter().find(|(_, size)| nanos >= *size);
    unit.unwrap_or(UNITS[0])
}

/// Writes a number of nanoseconds in a unit, exactly.
pub(crate) fn decimal(nanos: u64, unit: u64) -> String {
    let digits = unit.ilog10() as usize;
    if digits == 0 {
        return nanos.to_string();
    }
    let text = format!("{}.{:0digits$}", nanos / unit, nanos % unit);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn measured_to(nanoseconds: f64, count: i32) -> String {
    let rounded = round(nanoseconds, count);
    let unit = UNITS.into_iter().find(|(_, size)| rounded >= *size as f64);
    let (unit, size) = unit.unwrap_or(UNITS[3]);
    format!("{} {unit}", digits(rounded / size as f64, count))
}

/// Writes a number to this many digits, in groups of three.
fn digits(number: f64, digits: i32) -> String {
    let rounded = round(number, digits);
    let decimals = (digits - 1 - magnitude(rounded)).max(0) as usize;
    grouped(format!("{rounded:.decimals$}"))
}

/// Separates the digits before the point in groups of three.
fn grouped(mut text: String) -> String {
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
        assert_eq!(measured(9.996), "10.0 ns");
        assert_eq!(measured(99.96), "100 ns");
        assert_eq!(measured(999_999.0), "1.00 ms");
        assert_eq!(ratio(0.999), "1.0");
        assert_eq!(ratio(9.99), "10");
    }

    #[test]
    fn zero_and_more_than_seconds_are_written() {
        assert_eq!(measured(0.0), "0.00 ns");
        assert_eq!(measured(1_234_567_890_123.0), "1,230 s");
    }
}
