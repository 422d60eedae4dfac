use super::there_and_back;

/// Passes when the exercise is solved.
pub(crate) fn check() {
    assert_eq!(there_and_back(3).collect::<Vec<_>>(), [1, 2, 3, 2, 1]);
    assert_eq!(there_and_back(1).collect::<Vec<_>>(), [1]);
    assert_eq!(there_and_back(0).collect::<Vec<_>>(), [0; 0]);

    let mut ended = there_and_back(1);
    assert_eq!(
        [ended.next(), ended.next(), ended.next()],
        [Some(1), None, None],
        "it stays ended"
    );
}
