//! In which order do the items come?

use std::iter;

use step1_interleaver::interleave;

#[test]
fn one_item_comes_from_each_in_turn() {
    let items: String = interleave(["ABC".chars(), "XYZ".chars()]).collect();
    assert_eq!(items, "AXBYCZ");
}

#[test]
fn the_others_continue_when_one_has_ended() {
    let items: String = interleave(["A", "KLMN", "", "XY"].map(str::chars)).collect();
    assert_eq!(items, "AKXLYMN");
}

#[test]
fn without_inputs_there_are_no_items() {
    let mut nothing = interleave(iter::empty::<Vec<u32>>().map(Vec::into_iter));
    assert_eq!([nothing.next(), nothing.next()], [None; 2]);
}

#[test]
fn empty_inputs_give_no_items() {
    let empty = iter::repeat_n(iter::empty::<u32>(), 100_000);
    assert_eq!(interleave(empty).next(), None);
}

#[test]
fn endless_inputs_work_beside_finite_ones() {
    let inputs: [Box<dyn Iterator<Item = u32>>; 3] = [
        Box::new(0..),
        Box::new([100].into_iter()),
        Box::new(iter::repeat(7)),
    ];
    let items: Vec<_> = interleave(inputs).take(8).collect();
    assert_eq!(items, [0, 100, 7, 1, 7, 2, 7, 3]);
}

/// Promise (order): The ready queue is first in, first out, and a new task goes to its back.
///
/// Classic bug: A LIFO ready queue starves
#[test]
fn a_ready_queue_is_first_in_first_out() {
    let mut counts = [0_u32; 2];
    for input in interleave([iter::repeat(0), iter::repeat(1)]).take(100_001) {
        counts[input] += 1;
        assert!(counts[0].abs_diff(counts[1]) <= 1, "{counts:?}");
    }
}
