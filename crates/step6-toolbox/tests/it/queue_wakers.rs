//! What may the wakers in a queue do, and is the one of the last poll woken?

use crate::by_hand::ByHand;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;
use step5_executor::{Executor, sleep, spawn, timeout};
use step6_toolbox::Queue;
use testing::foreign;

#[test]
fn the_waker_of_the_last_poll_is_woken() {
    let queue = Queue::new(1);
    let mut getter = ByHand::waiting(queue.get());
    assert!(getter.poll_with_another_waker().is_pending());
    queue.try_put('a').unwrap();
    assert_eq!(getter.wakes(), 1);
    // And no wake is lost if it is polled with yet another waker before it continues.
    assert_eq!(getter.poll_with_another_waker(), Poll::Ready(Some('a')));
}

#[test]
fn a_timeout_around_a_get_loses_no_item() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let queue = Queue::new(1);
        let items = queue.clone();
        let producer = spawn(async move {
            for item in 0..100 {
                sleep(Duration::from_millis(10)).await;
                items.put(item).await.unwrap();
            }
            items.close();
        });
        let mut expected = 0;
        loop {
            // Now and then it ends at the very moment when an item comes.
            match timeout(Duration::from_millis(5), queue.get()).await {
                Ok(Some(item)) => {
                    assert_eq!(item, expected);
                    expected += 1;
                }
                Ok(None) => break,
                Err(_) => {}
            }
        }
        assert_eq!(expected, 100);
        producer.await.unwrap();
    });
}

/// A waker runs user code. This one gets, puts and looks at the same queue, when it is woken and
/// when it is dropped.
#[test]
fn a_waker_may_use_the_queue() {
    thread_local!(static ACTION: RefCell<Option<Rc<dyn Fn()>>> = RefCell::default());
    fn act() {
        if let Some(action) = ACTION.with_borrow(Clone::clone) {
            action();
        }
    }
    fn poll<F: Future>(future: &mut Pin<Box<F>>) -> Poll<F::Output> {
        // A new waker each time, so that the old one is dropped.
        future
            .as_mut()
            .poll(&mut Context::from_waker(&foreign::waker_of(act, act)))
    }

    let queue = Queue::new(1);
    let actions = Rc::new(Cell::new(0));
    let (inner, count) = (queue.clone(), actions.clone());
    ACTION.set(Some(Rc::new(move || {
        // But not in the action of an action, and so on.
        let action = ACTION.take();
        count.set(count.get() + 1);
        match count.get() % 3 {
            0 => drop(inner.try_get()),
            1 => drop(inner.try_put(count.get())),
            _ => _ = ByHand::new(inner.get()).poll(),
        }
        assert!(inner.len() <= 1 && !inner.is_closed());
        ACTION.set(action);
    })));
    let mut get = Box::pin(queue.get());
    let mut put = Box::pin(queue.put(0));
    let (mut gets, mut puts) = (0, 0);
    for _ in 0..1_000 {
        if poll(&mut get).is_ready() {
            gets += 1;
            get = Box::pin(queue.get());
        }
        if poll(&mut put).is_ready() {
            puts += 1;
            put = Box::pin(queue.put(0));
        }
    }
    drop((get, put));
    assert!(
        gets > 100 && puts > 100 && actions.get() > 1_000,
        "{gets} gets, {puts} puts, {actions:?}"
    );
    ACTION.set(None);

    _ = queue.try_get();
    assert_eq!((queue.try_put(7), queue.try_get()), (Ok(()), Ok(7)));
}

/// The last clone of a waker is dropped when another takes its place, and when the wait is
/// cancelled.
#[test]
fn a_waker_may_get_in_line_when_it_is_dropped() {
    thread_local!(static QUEUE: Queue<i32> = Queue::new(1));
    thread_local!(static DROPS: Cell<usize> = const { Cell::new(0) });
    fn dropped() {
        DROPS.set(DROPS.get() + 1);
        drop(ByHand::waiting(QUEUE.with(Queue::clone).get()));
    }
    let queue = QUEUE.with(Queue::clone);
    let mut get = Box::pin(queue.get());
    for drops in 0..3 {
        let waker = foreign::waker_of(|| {}, dropped);
        assert!(
            get.as_mut()
                .poll(&mut Context::from_waker(&waker))
                .is_pending()
        );
        assert_eq!(DROPS.get(), drops);
    }
    drop(get);
    assert_eq!(DROPS.get(), 3);
}

/// A waker that polls at once, from inside of `wake`, as the simplest executors do.
#[test]
fn a_waker_may_poll_its_future_in_wake() {
    type Slot = RefCell<Option<ByHand<'static, Option<i32>>>>;
    thread_local!(static GETTER: Slot = RefCell::default());
    thread_local!(static GOT: RefCell<Vec<i32>> = RefCell::default());
    let queue = Queue::new(1);
    let getter = {
        let queue = queue.clone();
        async move {
            let mut get = Box::pin(queue.get());
            let waker = foreign::waker_of(
                || {
                    let item =
                        GETTER.with(|getter| getter.borrow_mut().as_mut().map(ByHand::ready));
                    GOT.with(|got| got.borrow_mut().extend(item.flatten()));
                },
                || {},
            );
            std::future::poll_fn(|_| get.as_mut().poll(&mut Context::from_waker(&waker))).await
        }
    };
    GETTER.set(Some(ByHand::waiting(getter)));
    queue.try_put(7).unwrap();
    assert_eq!(GOT.take(), [7]);
    GETTER.set(None);
    assert_eq!(queue.try_put(8), Ok(()));
}
