//! Is the size hint right?

use std::iter;

use step1_interleaver::interleave;

/// An input with the given hint.
struct Hint(usize, Option<usize>);

impl Iterator for Hint {
    type Item = ();

    fn next(&mut self) -> Option<()> {
        None
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.0, self.1)
    }
}

#[test]
fn it_is_exact_for_exact_inputs_down_to_the_last_item() {
    let mut turns = interleave([vec![0; 3], vec![], vec![0; 5]]);
    for left in (0..=8).rev() {
        assert_eq!(turns.size_hint(), (left, Some(left)));
        assert_eq!(turns.next().is_some(), left > 0);
    }
}

#[test]
fn an_endless_input_has_no_upper_bound() {
    assert_eq!(
        interleave([iter::repeat(0)]).size_hint(),
        (usize::MAX, None)
    );
}

#[test]
fn sums_past_the_largest_number_do_not_overflow() {
    let two = |lower, upper| interleave([Hint(lower, upper), Hint(lower, upper)]).size_hint();
    assert_eq!(two(1, Some(2)), (2, Some(4)));
    assert_eq!(two(1, None), (2, None));
    assert_eq!(two(usize::MAX, Some(usize::MAX)), (usize::MAX, None));
}
