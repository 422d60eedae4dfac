//! Do items go from task to task in order, and does each waiter continue in its turn?

use std::cell::{Cell, RefCell};
use std::panic::catch_unwind;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use step5_executor::{Executor, now, sleep, spawn};
use step6_toolbox::{AsyncIterator, Closed, PriorityQueue, Queue, TryGetError, TryPutError};
use testing::foreign;

use crate::by_hand::{ByHand, poll_once};

// --- Order ---

#[test]
fn items_leave_in_the_order_in_which_they_came() {
    foreign::block_on(async {
        let queue = Queue::unbounded();
        for item in 0..1_000 {
            queue.put(item).await.unwrap();
        }
        for item in 0..1_000 {
            assert_eq!(queue.get().await, Some(item));
        }
    });
}

/// Promise (toolbox): The waiters for a lock, a semaphore or a queue are served in the order of
/// arrival, and newcomers do not overtake them.
#[test]
fn getters_are_served_in_order_of_arrival() {
    let queue = Queue::unbounded();
    let mut getters: Vec<_> = (0..5).map(|_| ByHand::waiting(queue.get())).collect();
    for item in 0..5 {
        queue.try_put(item).unwrap();
        let woken: Vec<_> = getters.iter().map(ByHand::wakes).collect();
        assert_eq!(woken, [0, 1, 2, 3, 4].map(|i| usize::from(i <= item)));
    }
    for (item, getter) in getters.iter_mut().enumerate() {
        assert_eq!(getter.ready(), Some(item as i32));
    }
}

#[test]
fn putters_are_served_in_order_of_arrival() {
    let queue = Queue::new(1);
    queue.try_put(0).unwrap();
    let mut putters: Vec<_> = (1..5)
        .map(|item| ByHand::waiting(queue.put(item)))
        .collect();
    for item in 0..4 {
        assert_eq!(queue.try_get(), Ok(item));
        assert_eq!(putters.iter().filter(|putter| putter.is_woken()).count(), 1);
        assert_eq!(putters.remove(0).ready(), Ok(()));
    }
    assert_eq!(queue.try_get(), Ok(4));
}

#[test]
fn newcomers_do_not_overtake() {
    let queue = Queue::new(1);
    let mut getter = ByHand::waiting(queue.get());
    queue.try_put('a').unwrap();
    // The item is here, but reserved for another one.
    assert_eq!(queue.len(), 1);
    assert_eq!(queue.try_get(), Err(TryGetError::Empty));
    let mut newcomer = ByHand::waiting(queue.get());
    assert_eq!(getter.ready(), Some('a'));

    queue.try_put('b').unwrap();
    assert_eq!(newcomer.ready(), Some('b'));

    queue.try_put('c').unwrap();
    let mut putter = ByHand::waiting(queue.put('d'));
    assert_eq!(queue.try_get(), Ok('c'));
    assert_eq!(queue.try_put('e'), Err(TryPutError::Full('e')));
    let mut newcomer = ByHand::waiting(queue.put('f'));
    assert_eq!(putter.ready(), Ok(()));
    assert_eq!(queue.try_get(), Ok('d'));
    assert_eq!(newcomer.ready(), Ok(()));
}

#[test]
fn each_item_is_passed_on_once() {
    let got = Rc::new(RefCell::new(vec![]));
    Executor::with_virtual_time().unwrap().block_on(async {
        let queue = Queue::new(3);
        let producers: Vec<_> = (0..10)
            .map(|producer| {
                let queue = queue.clone();
                spawn(async move {
                    for i in 0..100 {
                        sleep(Duration::from_millis(producer * i % 7)).await;
                        queue.put(producer * 100 + i).await.unwrap();
                    }
                })
            })
            .collect();
        let consumers: Vec<_> = (0..7)
            .map(|consumer| {
                let (queue, got) = (queue.clone(), got.clone());
                spawn(async move {
                    while let Some(item) = queue.get().await {
                        got.borrow_mut().push(item);
                        sleep(Duration::from_millis(consumer)).await;
                    }
                })
            })
            .collect();
        for producer in producers {
            producer.await.unwrap();
        }
        queue.close();
        for consumer in consumers {
            consumer.await.unwrap();
        }
    });
    let mut got = got.take();
    got.sort_unstable();
    assert_eq!(got, (0..1_000).collect::<Vec<_>>());
}

#[test]
fn a_queue_is_an_async_iterator() {
    async fn sum(mut numbers: impl AsyncIterator<Item = i32>) -> i32 {
        let mut sum = 0;
        while let Some(number) = numbers.next().await {
            sum += number;
        }
        sum
    }
    let (queue, smallest_first) = (Queue::unbounded(), PriorityQueue::unbounded());
    for number in 1..=4 {
        queue.try_put(number).unwrap();
        smallest_first.try_put(number).unwrap();
    }
    queue.close();
    smallest_first.close();
    assert_eq!(foreign::block_on(sum(queue)), 10);
    assert_eq!(foreign::block_on(sum(smallest_first)), 10);
}

// --- Room ---

#[test]
fn a_full_queue_lets_putters_wait() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let queue = Queue::new(2);
        let start = now();
        let items = queue.clone();
        let producer = spawn(async move {
            for item in 0..6 {
                items.put(item).await.unwrap();
                assert!(items.len() <= 2);
            }
            now()
        });
        for item in 0..6 {
            sleep(Duration::from_secs(1)).await;
            assert_eq!(queue.get().await, Some(item));
        }
        assert_eq!(producer.await.unwrap() - start, Duration::from_secs(4));
    });
}

#[test]
fn room_and_items_are_taken_at_once() {
    let queue = Queue::new(2);
    assert_eq!(poll_once(queue.put(1)), Poll::Ready(Ok(())));
    assert_eq!(poll_once(queue.put(2)), Poll::Ready(Ok(())));
    assert_eq!(poll_once(queue.put(3)), Poll::Pending);
    assert_eq!(poll_once(queue.get()), Poll::Ready(Some(1)));
    assert_eq!(poll_once(queue.get()), Poll::Ready(Some(2)));
    assert_eq!(poll_once(queue.get()), Poll::Pending);
}

#[test]
fn an_unbounded_queue_never_lets_putters_wait() {
    let queue = Queue::unbounded();
    for item in 0..100_000 {
        assert_eq!(queue.try_put(item), Ok(()));
    }
    assert_eq!((queue.len(), queue.capacity()), (100_000, None));
}

#[test]
fn it_knows_its_capacity_and_length() {
    let queue = Queue::new(2);
    assert_eq!(
        (
            queue.capacity(),
            queue.len(),
            queue.is_empty(),
            queue.is_closed()
        ),
        (Some(2), 0, true, false)
    );
    queue.try_put('a').unwrap();
    queue.close();
    assert_eq!(
        (
            queue.capacity(),
            queue.len(),
            queue.is_empty(),
            queue.is_closed()
        ),
        (Some(2), 1, false, true)
    );
}

#[test]
fn capacity_zero_is_refused() {
    let message = *catch_unwind(|| drop(Queue::<u8>::new(0)))
        .unwrap_err()
        .downcast::<&str>()
        .unwrap();
    assert!(
        message.contains("capacity 0") && message.contains("at least 1"),
        "{message}"
    );
}

/// This would fail if memory were not taken only as items come.
#[test]
fn the_greatest_capacity_costs_nothing() {
    let queue = Queue::new(usize::MAX);
    queue.try_put([0_u8; 1_000]).unwrap();
    assert_eq!(queue.len(), 1);
}

// --- Closing ---

/// Promise (toolbox): A queue that is closed can still be drained.
#[test]
fn a_closed_queue_is_drained() {
    foreign::block_on(async {
        let queue = Queue::new(2);
        queue.put('a').await.unwrap();
        queue.put('b').await.unwrap();
        queue.close();
        assert_eq!(queue.put('c').await, Err(Closed('c')));
        assert_eq!(queue.try_put('c'), Err(TryPutError::Closed('c')));
        assert_eq!(queue.get().await, Some('a'));
        assert_eq!(queue.try_get(), Ok('b'));
        assert_eq!(queue.get().await, None);
        assert_eq!(queue.get().await, None);
        assert_eq!(queue.try_get(), Err(TryGetError::Closed));
    });
}

#[test]
fn closing_ends_waiting_getters_with_none() {
    let queue = Queue::<u8>::new(1);
    let mut getters = [ByHand::waiting(queue.get()), ByHand::waiting(queue.get())];
    queue.close();
    queue.close();
    assert!(getters.iter().all(|getter| getter.wakes() == 1));
    assert!(getters.iter_mut().all(|getter| getter.ready().is_none()));
}

#[test]
fn closing_returns_the_items_of_putters() {
    let queue = Queue::new(1);
    queue.try_put('x').unwrap();
    let mut putters = ['a', 'b'].map(|item| ByHand::waiting(queue.put(item)));
    queue.close();
    assert_eq!(
        putters.each_mut().map(ByHand::ready),
        [Err(Closed('a')), Err(Closed('b'))]
    );
    assert_eq!(queue.try_get(), Ok('x'));
}

#[test]
fn closing_returns_the_item_of_a_woken_putter() {
    let queue = Queue::new(1);
    queue.try_put('x').unwrap();
    let mut putter = ByHand::waiting(queue.put('a'));
    assert_eq!(queue.try_get(), Ok('x'));
    queue.close();
    assert_eq!(putter.ready(), Err(Closed('a')));
    assert_eq!(queue.try_get(), Err(TryGetError::Closed));
}

#[test]
fn errors_say_what_is_wrong() {
    assert_eq!(Closed(1).to_string(), "the queue is closed");
    assert_eq!(TryPutError::Full(1).to_string(), "the queue is full");
    assert_eq!(TryPutError::Closed(1).to_string(), "the queue is closed");
    assert_eq!(TryGetError::Empty.to_string(), "the queue is empty");
    assert_eq!(
        TryGetError::Closed.to_string(),
        "the queue is closed and empty"
    );
    // Of any item: even a type without `Debug` can be unwrapped.
    struct Opaque;
    assert_eq!(
        format!("{:?} {:?}", Closed(Opaque), TryPutError::Full(Opaque)),
        "the queue is closed the queue is full"
    );
}

// --- Items ---

#[test]
fn an_item_may_use_the_queue_when_it_is_dropped() {
    struct Item(Queue<Option<Item>>, Rc<Cell<usize>>);
    impl Drop for Item {
        fn drop(&mut self) {
            self.1.set(self.1.get() + 1);
            _ = self.0.try_get();
            _ = self.0.try_put(None);
        }
    }
    let drops = Rc::new(Cell::new(0));
    let queue = Queue::new(1);
    let item = || Some(Item(queue.clone(), drops.clone()));
    // As the item of a put that is dropped while it waits, of one that was woken, of one that
    // fails, and as what was got.
    queue.try_put(item()).unwrap();
    drop(ByHand::waiting(queue.put(item())));
    let put = ByHand::waiting(queue.put(item()));
    drop(queue.try_get());
    drop(put);
    queue.close();
    drop(foreign::block_on(queue.put(item())));
    drop(queue.try_put(item()));
    while queue.try_get().is_ok() {}
    assert_eq!(drops.get(), 5);
}

#[test]
fn items_are_dropped_with_the_last_handle() {
    let token = Rc::new(());
    let queue = Queue::unbounded();
    for _ in 0..10 {
        queue.try_put(token.clone()).unwrap();
    }
    let other = queue.clone();
    drop(queue);
    assert_eq!(Rc::strong_count(&token), 11);
    drop(other);
    assert_eq!(Rc::strong_count(&token), 1);
}

#[test]
fn a_put_polled_after_its_end_panics() {
    let queue = Queue::unbounded();
    let mut put = ByHand::new(queue.put(1));
    assert_eq!(put.ready(), Ok(()));
    assert!(catch_unwind(std::panic::AssertUnwindSafe(|| _ = put.poll())).is_err());
}

/// Borrowed items may be passed on, too.
#[test]
fn items_need_not_be_static() {
    let text = String::from("abc");
    let queue = Queue::new(1);
    foreign::block_on(async {
        queue.put(text.as_str()).await.unwrap();
        assert_eq!(queue.get().await, Some("abc"));
    });
}

#[test]
fn a_foreign_executor_sees_items_in_order() {
    let mut seen = vec![];
    foreign::block_on(async {
        let queue = Queue::new(1);
        let produce = async {
            for item in 0..10 {
                queue.put(item).await.unwrap();
            }
            queue.close();
        };
        let consume = async {
            while let Some(item) = queue.get().await {
                seen.push(item);
            }
        };
        step6_toolbox::join(produce, consume).await;
    });
    assert_eq!(seen, (0..10).collect::<Vec<_>>());
}
