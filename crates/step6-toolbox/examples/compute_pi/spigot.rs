//! The digits of pi, one by one out of a spigot. None of the numbers in it is long.
//!
//! The algorithm is by Stanley Rabinowitz and Stan Wagon, "A Spigot Algorithm for the Digits of
//! Pi", The American Mathematical Monthly 102 (1995), pages 195 to 203.

/// Returns pi with this many digits after the point, cut off and not rounded.
pub(crate) fn compute_pi(digits: usize) -> String {
    let pi: Vec<_> = spigot(digits + 1).iter().map(u64::to_string).collect();
    format!("{}.{}", pi[0], pi[1..].concat())
}

/// How many more digits are computed than asked for: a later one can turn a nine, and all nines
/// before it, to zeros. Within the first 10,000 digits there are never more than 6 in a row.
const SPARE: usize = 20;

/// Returns the first digits of pi: 3, and those after it.
///
/// Pi is 2 + 1/3 (2 + 2/5 (2 + 3/7 (2 + ..))), which means that it is 2.222.. in a number system
/// whose places are worth 1, 1/3, 2/15, and so on: each `i / (2i + 1)` of the one before. To get a
/// decimal digit out of such a number, take what is to the left of the point, and multiply the rest
/// by ten.
fn spigot(count: usize) -> Vec<u64> {
    let wanted = count + SPARE;
    // Each decimal digit takes 10/3 places.
    let mut places = vec![2; wanted * 10 / 3 + 1];
    let mut digits: Vec<u64> = vec![];
    for _ in 0..wanted {
        let mut carry = 0;
        for index in (1..places.len()).rev() {
            let value = places[index] * 10 + carry;
            let (above, below) = (index as u64, 2 * index as u64 + 1);
            places[index] = value % below;
            carry = value / below * above;
        }
        let value = places[0] * 10 + carry;
        places[0] = value % 10;
        match value / 10 {
            // To the right of the point there can be more than one: these places are not as neat as
            // decimal ones.
            10 => {
                add_one(&mut digits);
                digits.push(0);
            }
            digit => digits.push(digit),
        }
    }
    digits.truncate(count);
    digits
}

/// Adds one to the last digit, and carries.
fn add_one(digits: &mut [u64]) {
    for digit in digits.iter_mut().rev() {
        *digit = (*digit + 1) % 10;
        if *digit != 0 {
            return;
        }
    }
}
