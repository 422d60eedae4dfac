use super::there_and_back;

#[test]
fn it_goes_up_and_comes_back() {
    assert_eq!(there_and_back(3).collect::<Vec<_>>(), [1, 2, 3, 2, 1]);
}

#[test]
fn the_shortest_ways_are_right() {
    assert_eq!(there_and_back(1).collect::<Vec<_>>(), [1]);
    assert_eq!(there_and_back(0).collect::<Vec<_>>(), [0; 0]);
}

#[test]
fn it_stays_ended() {
    let mut ended = there_and_back(1);
    let items = [ended.next(), ended.next(), ended.next()];
    assert_eq!(items, [Some(1), None, None]);
}
