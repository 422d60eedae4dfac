// Hint: the second loop gets a variant of its own. There is no `yield` between the loops, so one
// call of `next` has to get from the first into the second.

/// Counts from 1 up to `n`, and back down to 1: for 3 it yields 1, 2, 3, 2, 1.
fn there_and_back(n: u32) -> ThereAndBack {
    ThereAndBack::Up { i: 1, n }
}

/// Where the function stands, with the locals that it needs to continue.
enum ThereAndBack {
    /// In the first loop, about to yield `i`.
    Up { i: u32, n: u32 },
    /// In the second loop, about to yield `i`. It does not need `n` any more.
    Down { i: u32 },
    /// Returned.
    Done,
}

impl Iterator for ThereAndBack {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        loop {
            match *self {
                ThereAndBack::Up { i, n } if i < n => {
                    *self = ThereAndBack::Up { i: i + 1, n };
                    return Some(i);
                }
                // No yield: it continues in the second loop.
                ThereAndBack::Up { n, .. } => *self = ThereAndBack::Down { i: n },
                ThereAndBack::Down { i } if i > 0 => {
                    *self = ThereAndBack::Down { i: i - 1 };
                    return Some(i);
                }
                ThereAndBack::Down { .. } => *self = ThereAndBack::Done,
                ThereAndBack::Done => return None,
            }
        }
    }
}
