use super::weighted;

/// Passes when the exercise is solved.
pub(crate) fn check() {
    let equal: String = weighted([(1, "ABC".chars()), (1, "XYZ".chars())]).collect();
    assert_eq!(equal, "AXBYCZ");

    let double: String = weighted([(2, "ABCDE".chars()), (1, "XYZ".chars())]).collect();
    assert_eq!(double, "ABXCDYEZ");

    let ends_in_its_turn: String =
        weighted([(3, "A".chars()), (2, "WXYZ".chars()), (2, "KLM".chars())]).collect();
    assert_eq!(ends_in_its_turn, "AWXKLYZM");
}
