use super::there_and_back;

#[test]
fn it_goes_up_and_comes_back() {
    let items: Vec<_> = there_and_back(3).collect();
    assert_eq!(
        items,
        [1, 2, 3, 2, 1],
        "for 3 it goes up to 3, and back down to 1"
    );
}

#[test]
fn the_shortest_ways_are_right() {
    let items: Vec<_> = there_and_back(1).collect();
    assert_eq!(
        items,
        [1],
        "for 1 there is one number, which is not repeated"
    );
    let items: Vec<_> = there_and_back(0).collect();
    assert_eq!(items, [0; 0], "for 0 there is nothing to count");
}

#[test]
fn it_stays_ended() {
    let mut ended = there_and_back(1);
    let items = [ended.next(), ended.next(), ended.next()];
    assert_eq!(
        items,
        [Some(1), None, None],
        "after its end it yields nothing, however often it is asked"
    );
}
