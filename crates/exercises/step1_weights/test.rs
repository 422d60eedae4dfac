use super::weighted;

fn letters(all: &[(usize, &str)]) -> String {
    weighted(all.iter().map(|(weight, text)| (*weight, text.chars()))).collect()
}

#[test]
fn equal_weights_take_turns() {
    assert_eq!(letters(&[(1, "ABC"), (1, "XYZ")]), "AXBYCZ");
}

#[test]
fn twice_the_weight_is_twice_the_items() {
    assert_eq!(letters(&[(2, "ABCDE"), (1, "XYZ")]), "ABXCDYEZ");
}

#[test]
fn one_that_ends_early_takes_no_items_along() {
    assert_eq!(letters(&[(3, "A"), (2, "WXYZ"), (2, "KLM")]), "AWXKLYZM");
}
