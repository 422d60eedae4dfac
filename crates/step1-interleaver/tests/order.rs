//! In which order do the items come?

use std::iter;

use step1_interleaver::interleave;

type Boxed<'a> = Box<dyn Iterator<Item = u32> + 'a>;

#[test]
fn one_item_from_each_in_turn() {
    let items: String = interleave(["ABC".chars(), "XYZ".chars()]).collect();
    assert_eq!(items, "AXBYCZ");
}

#[test]
fn uneven_inputs_go_on_without_those_that_ended() {
    let items: String = interleave(["A", "KLMN", "", "XY"].map(str::chars)).collect();
    assert_eq!(items, "AKXLYMN");
}

#[test]
fn zero_inputs_give_nothing() {
    let mut nothing = interleave(iter::empty::<Vec<u32>>());
    assert_eq!(nothing.size_hint(), (0, Some(0)));
    assert_eq!([nothing.next(), nothing.next()], [None; 2]);
}

#[test]
fn empty_inputs_give_nothing() {
    assert_eq!(interleave(vec![Vec::<u32>::new(); 100_000]).next(), None);
}

#[test]
fn endless_inputs_work_beside_finite_ones() {
    let inputs: [Boxed; 3] = [
        Box::new(0..),
        Box::new([100].into_iter()),
        Box::new(iter::repeat(7)),
    ];
    assert_eq!(
        interleave(inputs).take(8).collect::<Vec<_>>(),
        [0, 100, 7, 1, 7, 2, 7, 3]
    );
}

/// Classic bug: "a LIFO ready queue starves".
#[test]
fn a_lifo_ready_queue_starves() {
    let mut counts = [0_u32; 2];
    for who in interleave([iter::repeat(0), iter::repeat(1)]).take(100_001) {
        counts[who] += 1;
        assert!(counts[0].abs_diff(counts[1]) <= 1, "{counts:?}");
    }
}
