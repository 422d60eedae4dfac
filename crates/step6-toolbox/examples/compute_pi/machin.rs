//! The digits of pi, in another way than that of the program: Machin's formula of 1706, in long
//! division.

/// How much there is in a place of a long number.
const PLACE: u64 = 1_000_000_000;

/// Returns pi with this many digits after the point, cut off: 16 arctan(1/5) - 4 arctan(1/239).
pub(crate) fn machin(digits: usize) -> String {
    // Each division cuts off less than one in the last place, and there are some thousands: two
    // places to spare.
    let places = digits / 9 + 3;
    let mut pi = vec![0; places + 1];
    add_arctan(&mut pi, 16, 5, true);
    add_arctan(&mut pi, 4, 239, false);
    let fraction: String = pi[1..].iter().map(|place| format!("{place:09}")).collect();
    format!("{}.{}", pi[0], &fraction[..digits])
}

/// Adds `factor` times arctan(1/x), or takes it away: 1/x - 1/(3 x^3) + 1/(5 x^5) - ..
fn add_arctan(sum: &mut [u64], factor: u64, x: u64, plus: bool) {
    let mut power = vec![0; sum.len()];
    power[0] = factor;
    divide(&mut power, x);
    let (mut odd, mut plus) = (1, plus);
    while power.iter().any(|place| *place != 0) {
        let mut term = power.clone();
        divide(&mut term, odd);
        if plus {
            add(sum, &term)
        } else {
            subtract(sum, &term)
        }
        divide(&mut power, x * x);
        (odd, plus) = (odd + 2, !plus);
    }
}

fn divide(number: &mut [u64], by: u64) {
    let mut rest = 0;
    for place in number {
        let value = rest * PLACE + *place;
        (*place, rest) = (value / by, value % by);
    }
}

fn add(number: &mut [u64], other: &[u64]) {
    let mut carry = 0;
    for (place, other) in number.iter_mut().zip(other).rev() {
        let value = *place + other + carry;
        (*place, carry) = (value % PLACE, value / PLACE);
    }
}

fn subtract(number: &mut [u64], other: &[u64]) {
    let mut borrowed = 0;
    for (place, other) in number.iter_mut().zip(other).rev() {
        let value = *place + PLACE - other - borrowed;
        (*place, borrowed) = (value % PLACE, u64::from(value < PLACE));
    }
}
