use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use step5_executor::{Executor, spawn, yield_now};

use super::{Get, Queue};

/// Writes its name when it is woken.
struct Named(char, Arc<Mutex<String>>);

impl Wake for Named {
    fn wake(self: Arc<Self>) {
        self.1.lock().unwrap().push(self.0);
    }
}

/// A queue with three waiters.
struct Scene {
    queue: Queue,
    wakers: [Waker; 3],
    log: Arc<Mutex<String>>,
}

impl Scene {
    fn new() -> (Scene, [Get; 3]) {
        let (queue, log) = (Queue::default(), Arc::default());
        let waker = |name| Waker::from(Arc::new(Named(name, Arc::clone(&log))));
        let wakers = ['a', 'b', 'c'].map(waker);
        let mut gets = [queue.get(), queue.get(), queue.get()];
        for (get, waker) in gets.iter_mut().zip(&wakers) {
            assert!(poll(get, waker).is_pending(), "the queue is empty");
        }
        (Scene { queue, wakers, log }, gets)
    }

    /// Returns who was woken since this was last asked.
    fn woken(&self) -> String {
        std::mem::take(&mut self.log.lock().unwrap())
    }
}

fn poll(get: &mut Get, waker: &Waker) -> Poll<char> {
    Pin::new(get).poll(&mut Context::from_waker(waker))
}

#[test]
fn one_dropped_after_its_wake_wakes_the_next() {
    let (scene, [first, second, mut third]) = Scene::new();
    scene.queue.put('x');
    assert_eq!(scene.woken(), "a", "an item wakes the first that waits");
    drop(first);
    assert_eq!(
        scene.woken(),
        "b",
        "the first is dropped, so the item is for the second"
    );
    drop(second);
    assert_eq!(scene.woken(), "c", "and then for the third");
    let taken = poll(&mut third, &scene.wakers[2]);
    assert_eq!(taken, Poll::Ready('x'), "the item is still there");
}

#[test]
fn one_that_was_not_woken_passes_nothing_on() {
    let (scene, [mut first, second, third]) = Scene::new();
    drop(second);
    assert_eq!(
        scene.woken(),
        "",
        "it was not woken, so it owes nothing to the next"
    );
    assert_eq!(scene.queue.waiting(), 2, "two of three still wait");
    drop(scene.queue.get());
    assert_eq!(scene.woken(), "", "it never waited");
    scene.queue.put('x');
    let taken = poll(&mut first, &scene.wakers[0]);
    assert_eq!(taken, Poll::Ready('x'), "the item is for the first");
    drop(first);
    assert_eq!(scene.woken(), "a", "it has used its wake-up");
    drop(third);
    assert_eq!(scene.queue.waiting(), 0, "all are gone");
}

#[test]
fn one_that_took_early_passes_nothing_on() {
    let (scene, [first, mut second, third]) = Scene::new();
    scene.queue.put('x');
    let polled_for_another_reason = poll(&mut second, &scene.wakers[1]);
    let early = "the item is there, and the second was polled first";
    assert_eq!(polled_for_another_reason, Poll::Ready('x'), "{early}");
    drop(second);
    assert_eq!(scene.woken(), "a", "the one wake of the one item");
    assert_eq!(scene.queue.waiting(), 1, "only the third still waits");
    drop((first, third));
    assert_eq!(scene.queue.waiting(), 0, "all are gone");
}

#[test]
fn an_aborted_task_loses_no_item() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let queue = Queue::default();
        let [first, second] = [queue.get(), queue.get()].map(spawn);
        yield_now().await;
        queue.put('x');
        first.abort();
        // Without a wake no task can continue, and the executor says so.
        assert_eq!(
            second.await.unwrap(),
            'x',
            "the second gets what the first did not take"
        );
    });
}
