// Exercise: a suspended function with two loops, written by hand.
//
// ```python
// def there_and_back(n):
//     for i in range(1, n):
//         yield i
//     for i in range(n, 0, -1):
//         yield i
// ```
//
// This one goes up as it should, and then it ends. Give it the way back: one more variant, with
// what the second loop needs to continue.

/// Counts from 1 up to `n`, and back down to 1: for 3 it yields 1, 2, 3, 2, 1.
fn there_and_back(n: u32) -> ThereAndBack {
    ThereAndBack::Up { i: 1, n }
}

/// Where the function stands, with the locals that it needs to continue.
enum ThereAndBack {
    /// In the first loop, about to yield `i`.
    Up { i: u32, n: u32 },
    /// Returned.
    Done,
}

impl Iterator for ThereAndBack {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        match *self {
            ThereAndBack::Up { i, n } if i < n => {
                *self = ThereAndBack::Up { i: i + 1, n };
                Some(i)
            }
            ThereAndBack::Up { .. } => {
                *self = ThereAndBack::Done;
                None
            }
            ThereAndBack::Done => None,
        }
    }
}
