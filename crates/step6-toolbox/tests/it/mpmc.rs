//! Does a channel between threads lose, double or hold up an item, whatever is dropped?

use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::thread;

use step5_executor::{Executor, block_on, spawn};
use step6_toolbox::{Closed, TryGetError, TryPutError, mpmc};
use testing::clone_hook::{Hooked, at_next_clone};
use testing::foreign;
use testing::panic_message;
use testing::random::{Random, number};
use testing::watchdog::within_a_minute;

use crate::by_hand::ByHand;

#[test]
fn a_full_channel_makes_a_sender_wait() {
    let (sender, receiver) = mpmc::channel(1);
    let mut first = ByHand::new(sender.send('a'));
    assert_eq!(first.ready(), Ok(()));
    let mut second = ByHand::waiting(sender.send('b'));
    assert_eq!(sender.try_send('c'), Err(TryPutError::Full('c')));
    assert_eq!(receiver.try_recv(), Ok('a'));
    assert_eq!(second.wakes(), 1);
    // The place is reserved.
    assert_eq!(sender.try_send('c'), Err(TryPutError::Full('c')));
    assert_eq!(second.ready(), Ok(()));
    assert_eq!(receiver.try_recv(), Ok('b'));
    assert_eq!(receiver.try_recv(), Err(TryGetError::Empty));
}

#[test]
fn receivers_are_served_in_the_order_they_came() {
    let (sender, receiver) = mpmc::channel(2);
    let mut first = ByHand::waiting(receiver.recv());
    let mut second = ByHand::waiting(receiver.recv());
    // A poll with another waker keeps the place in the line.
    assert!(first.poll_with_another_waker().is_pending());
    sender.try_send('a').unwrap();
    assert!(first.is_woken() && !second.is_woken());
    // The item is reserved.
    assert_eq!(receiver.try_recv(), Err(TryGetError::Empty));
    sender.try_send('b').unwrap();
    assert_eq!((second.ready(), first.ready()), (Some('a'), Some('b')));
}

#[test]
fn a_receive_that_is_dropped_takes_no_item() {
    let (sender, receiver) = mpmc::channel(1);
    let dropped = ByHand::waiting(receiver.recv());
    drop(dropped);
    let woken = ByHand::waiting(receiver.recv());
    let mut next = ByHand::waiting(receiver.recv());
    sender.try_send('a').unwrap();
    assert_eq!((woken.wakes(), next.wakes()), (1, 0));
    drop(woken);
    assert_eq!((next.wakes(), next.ready()), (1, Some('a')));
}

#[test]
fn a_send_that_is_dropped_takes_no_place() {
    let (sender, receiver) = mpmc::channel(1);
    sender.try_send('a').unwrap();
    let dropped = ByHand::waiting(sender.send('b'));
    drop(dropped);
    let woken = ByHand::waiting(sender.send('c'));
    let mut next = ByHand::waiting(sender.send('d'));
    receiver.try_recv().unwrap();
    assert_eq!((woken.wakes(), next.wakes()), (1, 0));
    drop(woken);
    assert_eq!((next.wakes(), next.ready()), (1, Ok(())));
    assert_eq!(receiver.try_recv(), Ok('d'));
}

#[test]
fn the_last_sender_closes_it() {
    let (sender, receiver) = mpmc::channel(2);
    let mut waiting = ByHand::waiting(receiver.recv());
    let other = sender.clone();
    drop(sender);
    assert!(!waiting.is_woken());
    other.try_send('a').unwrap();
    drop(other);
    assert_eq!(waiting.ready(), Some('a'));
    assert_eq!(ByHand::new(receiver.recv()).ready(), None);
    assert_eq!(receiver.try_recv(), Err(TryGetError::Closed));
}

#[test]
fn the_last_receiver_drops_the_items() {
    let (sender, receiver) = mpmc::channel(1);
    let item = Rc::new(());
    sender.try_send(Rc::clone(&item)).unwrap();
    let mut waiting = ByHand::waiting(sender.send(Rc::clone(&item)));
    let other = receiver.clone();
    drop(receiver);
    assert!(!waiting.is_woken());
    drop(other);
    assert!(matches!(waiting.ready(), Err(Closed(_))));
    drop(waiting);
    assert_eq!(Rc::strong_count(&item), 1);
    assert!(sender.try_send(item).is_err());
}

/// Promise (toolbox): A channel between threads gives each item to one receiver, in order, whatever
/// is dropped and when.
#[test]
fn a_closed_channel_can_be_emptied() {
    let (sender, receiver) = mpmc::channel(2);
    sender.try_send('a').unwrap();
    sender.try_send('b').unwrap();
    let mut waiting = ByHand::waiting(sender.send('c'));
    receiver.close();
    assert_eq!(waiting.ready(), Err(Closed('c')));
    assert_eq!(sender.try_send('d'), Err(TryPutError::Closed('d')));
    assert_eq!(receiver.try_recv(), Ok('a'));
    assert_eq!(ByHand::new(receiver.recv()).ready(), Some('b'));
    assert_eq!(ByHand::new(receiver.recv()).ready(), None);
}

#[test]
#[should_panic = "a channel holds at least one item"]
fn a_channel_without_a_place_is_refused() {
    mpmc::channel::<()>(0);
}

/// Random sends and receives, which are polled and dropped at random: each item that was sent is
/// received once, and in the end no future waits without a reason.
///
/// Promise (toolbox): A channel between threads gives each item to one receiver, in order, whatever
/// is dropped and when.
#[test]
fn random_drops_lose_no_item() {
    for seed in 0..number("SEEDS", 2_000) {
        let mut random = Random::new(seed);
        let capacity = 1 + random.below(3);
        let (sender, receiver) = mpmc::channel(capacity);
        let (mut sends, mut recvs) = (Vec::new(), Vec::new());
        let (mut sent, mut received) = (Vec::new(), Vec::new());
        for item in 0..40 {
            match random.below(6) {
                0 | 1 => sends.push((item, ByHand::new(sender.send(item)))),
                2 => recvs.push(ByHand::new(receiver.recv())),
                3 if !sends.is_empty() => drop(sends.swap_remove(random.below(sends.len()))),
                4 if !recvs.is_empty() => drop(recvs.swap_remove(random.below(recvs.len()))),
                _ if item % 2 == 0 => sent.extend(sender.try_send(item).is_ok().then_some(item)),
                _ => received.extend(receiver.try_recv().ok()),
            }
            if random.below(2) == 0 {
                sends.retain_mut(|(item, send)| match send.poll_somehow(&mut random) {
                    Poll::Ready(result) => {
                        result.unwrap();
                        sent.push(*item);
                        false
                    }
                    Poll::Pending => true,
                });
            } else {
                recvs.retain_mut(|recv| match recv.poll_somehow(&mut random) {
                    Poll::Ready(item) => {
                        received.push(item.unwrap());
                        false
                    }
                    Poll::Pending => true,
                });
            }
        }
        // All that can continue do so, until none can; only the woken ones are polled again.
        sends.retain_mut(|(item, send)| {
            let is_ready = send.poll().is_ready();
            sent.extend(is_ready.then_some(*item));
            !is_ready
        });
        recvs.retain_mut(|recv| match recv.poll() {
            Poll::Ready(item) => {
                received.push(item.unwrap());
                false
            }
            Poll::Pending => true,
        });
        while let Some(at) = sends.iter().position(|(_, send)| send.is_woken()) {
            let (item, mut send) = sends.swap_remove(at);
            send.ready().unwrap();
            sent.push(item);
            while let Some(at) = recvs.iter().position(ByHand::is_woken) {
                received.extend(recvs.swap_remove(at).ready());
            }
        }
        let (are_sending, are_receiving) = (!sends.is_empty(), !recvs.is_empty());
        drop((sends, recvs));
        let left: Vec<_> = std::iter::from_fn(|| receiver.try_recv().ok()).collect();
        assert!(!are_sending || left.len() == capacity, "seed {seed}");
        assert!(!are_receiving || left.is_empty(), "seed {seed}");
        received.extend(left);
        assert_eq!(received, sent, "seed {seed}");
    }
}

/// Promise (toolbox): A channel between threads gives each item to one receiver, in order, whatever
/// is dropped and when.
#[test]
fn threads_send_each_other_all_items() {
    within_a_minute(|| {
        const ITEMS: usize = 2_000;
        let (sender, receiver) = mpmc::channel(3);
        let senders: Vec<_> = (0..3)
            .map(|n| {
                let sender = sender.clone();
                thread::spawn(move || {
                    block_on(async {
                        for item in (n..ITEMS).step_by(3) {
                            sender.send(item).await.unwrap();
                        }
                    })
                })
            })
            .collect();
        drop(sender);
        let receivers: Vec<_> = (0..3)
            .map(|_| {
                let receiver = receiver.clone();
                thread::spawn(move || {
                    foreign::block_on(async {
                        let mut items = Vec::new();
                        while let Some(item) = receiver.recv().await {
                            items.push(item);
                        }
                        items
                    })
                })
            })
            .collect();
        senders
            .into_iter()
            .for_each(|thread| thread.join().unwrap());
        let all = receivers.into_iter().map(|thread| thread.join().unwrap());
        // The items of one sender come to a receiver in order.
        let mut all: Vec<_> = all
            .flat_map(|items| {
                for n in 0..3 {
                    assert!(items.iter().filter(|item| *item % 3 == n).is_sorted());
                }
                items
            })
            .collect();
        all.sort();
        assert_eq!(all, (0..ITEMS).collect::<Vec<_>>());
    });
}

#[test]
fn its_futures_may_be_sent() {
    fn is_send<T: Send>(_: T) {}
    let (sender, receiver) = mpmc::channel(1);
    is_send(sender.send(Arc::new(())));
    is_send(receiver.recv());
    is_send((sender.clone(), receiver.clone()));
}

#[test]
fn tasks_of_one_executor_use_it_too() {
    let executor = Executor::with_virtual_time().unwrap();
    executor.block_on(async {
        let (sender, receiver) = mpmc::channel(1);
        let sum = spawn(async move {
            let mut sum = 0;
            while let Some(item) = receiver.recv().await {
                sum += item;
            }
            sum
        });
        for item in 1..=100 {
            sender.send(item).await.unwrap();
        }
        drop(sender);
        assert_eq!(sum.await.unwrap(), 5050);
    });
}

#[test]
fn a_clone_that_panics_is_not_taken_for_a_wake() {
    let ((sender, _receiver), (_, waker)) = (mpmc::channel(1), Hooked::new());
    sender.try_send(1).unwrap();
    let mut sending = Box::pin(sender.send(2));
    at_next_clone(|| panic!("in clone"));
    panic_message::of(|| foreign::poll_with(sending.as_mut(), &waker));
    drop(sending);
    assert_eq!(sender.try_send(3), Err(TryPutError::Full(3)));
}
