//! Which compositions of futures are `Send`? Those whose futures are.

use std::future::{Ready, ready};
use std::time::Duration;

use step6_toolbox::{
    Yielder, as_completed, async_generator, join, join_all, map_bounded, map_bounded_ordered, race,
    try_join_all,
};

fn is_send<T: Send>(_: T) {}

#[test]
fn what_is_made_of_send_futures_is_send() {
    is_send(join(ready(1), async { 2 }));
    is_send(race(ready(1), async { 2 }));
    is_send(join_all([async { 1 }]));
    is_send(try_join_all([async { Ok::<_, ()>(1) }]));
    is_send(as_completed([async { 1 }]));
    is_send(map_bounded(1, [1], ready::<i32>));
    is_send(map_bounded_ordered(1, [1], ready::<i32>));
    is_send(async_generator(async |yielder: &mut Yielder<i32>| {
        yielder.yield_(1).await
    }));
}

#[test]
fn the_futures_of_the_next_items_are_send() {
    is_send(as_completed([ready(1)]).next());
    is_send(map_bounded(1, [1], ready::<i32>).next());
    is_send(map_bounded_ordered(1, [1], ready::<i32>).next());
    is_send(async_generator(async |yielder: &mut Yielder<i32>| yielder.yield_(1).await).next());
}

/// A body that awaits compositions inside of a generator, and so on.
#[test]
fn what_is_nested_is_send() {
    is_send(async {
        let mut items = async_generator(async |yielder| {
            join(yielder.yield_(1), ready(2)).await;
            let mut outputs = as_completed([ready(3), ready(4)]);
            while let Some(output) = outputs.next().await {
                yielder.yield_(output).await;
            }
        });
        while items.next().await.is_some() {}
        let _: (Duration, Vec<i32>) = (Duration::ZERO, join_all(Vec::<Ready<i32>>::new()).await);
    });
}
