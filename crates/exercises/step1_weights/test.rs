use super::weighted;

fn letters(all: &[(usize, &str)]) -> String {
    weighted(all.iter().map(|(weight, text)| (*weight, text.chars()))).collect()
}

#[test]
fn equal_weights_take_turns() {
    let taken = letters(&[(1, "ABC"), (1, "XYZ")]);
    assert_eq!(
        taken, "AXBYCZ",
        "with a weight of 1 each, both yield one item a turn"
    );
}

#[test]
fn twice_the_weight_is_twice_the_items() {
    let taken = letters(&[(2, "ABCDE"), (1, "XYZ")]);
    assert_eq!(
        taken, "ABXCDYEZ",
        "ABCDE has a weight of 2, so it yields two items a turn"
    );
}

#[test]
fn one_that_ends_early_takes_no_items_along() {
    let taken = letters(&[(3, "A"), (2, "WXYZ"), (2, "KLM")]);
    assert_eq!(
        taken, "AWXKLYZM",
        "what is left of the turn of A, which has ended, is given to none of the others"
    );
}
