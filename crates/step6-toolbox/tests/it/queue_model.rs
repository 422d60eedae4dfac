//! What must a queue do? The same as a plain model, lists that are searched from the front after
//! each step.

use std::cmp::Ordering;
use std::task::Poll;

use step6_toolbox::{Closed, PriorityQueue, Queue, TryGetError, TryPutError};
use testing::random::Random;

use crate::by_hand::ByHand;

/// An item with a number of its own, which does not count when items are compared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item {
    pub(crate) priority: usize,
    pub(crate) number: usize,
}

impl Ord for Item {
    fn cmp(&self, other: &Item) -> Ordering {
        self.priority.cmp(&other.priority)
    }
}

impl PartialOrd for Item {
    fn partial_cmp(&self, other: &Item) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Item {
    fn eq(&self, other: &Item) -> bool {
        self.priority == other.priority
    }
}

impl Eq for Item {}

/// What the two queues have in common.
pub(crate) trait AnyQueue {
    fn put(&self, item: Item) -> impl Future<Output = Result<(), Closed<Item>>>;
    fn get(&self) -> impl Future<Output = Option<Item>>;
    fn try_put(&self, item: Item) -> Result<(), TryPutError<Item>>;
    fn try_get(&self) -> Result<Item, TryGetError>;
    fn close(&self);
    fn len(&self) -> usize;

    /// The place of the item that leaves first, in the order of arrival.
    fn next(items: &[Item]) -> usize;
}

macro_rules! any_queue {
    ($name:ty, $next:expr) => {
        impl AnyQueue for $name {
            fn put(&self, item: Item) -> impl Future<Output = Result<(), Closed<Item>>> {
                self.put(item)
            }
            fn get(&self) -> impl Future<Output = Option<Item>> {
                self.get()
            }
            fn try_put(&self, item: Item) -> Result<(), TryPutError<Item>> {
                self.try_put(item)
            }
            fn try_get(&self) -> Result<Item, TryGetError> {
                self.try_get()
            }
            fn close(&self) {
                self.close();
            }
            fn len(&self) -> usize {
                self.len()
            }
            fn next(items: &[Item]) -> usize {
                $next(items)
            }
        }
    };
}

any_queue!(Queue<Item>, |_: &[Item]| 0);
any_queue!(PriorityQueue<Item>, |items: &[Item]| {
    // Of equal ones this is the first.
    (0..items.len()).min_by_key(|&i| items[i].priority).unwrap()
});

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Waits,
    HasPermit,
    Dismissed,
}

struct Waiting<'a, T> {
    by_hand: ByHand<'a, T>,
    state: State,
    item: Option<Item>,
}

struct Model<'a, Q> {
    queue: &'a Q,
    capacity: usize,
    is_closed: bool,
    items: Vec<Item>,
    getters: Vec<Waiting<'a, Option<Item>>>,
    putters: Vec<Waiting<'a, Result<(), Closed<Item>>>>,
    numbers: usize,
}

fn count<T>(waiting: &[Waiting<'_, T>], state: State) -> usize {
    waiting.iter().filter(|one| one.state == state).count()
}

fn serve_next<T>(waiting: &mut [Waiting<'_, T>]) -> bool {
    let first = waiting.iter_mut().find(|one| one.state == State::Waits);
    first.map(|one| one.state = State::HasPermit).is_some()
}

fn dismiss<T>(waiting: &mut [Waiting<'_, T>]) {
    waiting
        .iter_mut()
        .filter(|one| one.state == State::Waits)
        .for_each(|one| one.state = State::Dismissed);
}

impl<'a, Q: AnyQueue> Model<'a, Q> {
    /// The items for newcomers.
    fn available(&self) -> usize {
        self.items.len() - count(&self.getters, State::HasPermit)
    }

    /// The places for newcomers.
    fn room(&self) -> usize {
        self.capacity - self.items.len() - count(&self.putters, State::HasPermit)
    }

    fn take(&mut self) -> Item {
        self.items.remove(Q::next(&self.items))
    }

    fn new_item(&mut self, random: &mut Random) -> Item {
        self.numbers += 1;
        Item {
            priority: random.below(4),
            number: self.numbers,
        }
    }

    fn get(&mut self) {
        let mut by_hand = ByHand::new(self.queue.get());
        let polled = by_hand.poll();
        if self.available() > 0 {
            let item = self.take();
            assert_eq!(number(polled), Some(Some(item.number)));
        } else if self.is_closed && self.items.is_empty() {
            assert_eq!(number(polled), Some(None));
        } else {
            assert_eq!(number(polled), None);
            self.getters.push(Waiting {
                by_hand,
                state: State::Waits,
                item: None,
            });
        }
    }

    fn put(&mut self, random: &mut Random) {
        let item = self.new_item(random);
        let mut by_hand = ByHand::new(self.queue.put(item));
        let polled = by_hand.poll();
        if self.is_closed {
            assert_eq!(returned(polled), Some(Some(item.number)));
        } else if self.room() > 0 {
            assert_eq!(returned(polled), Some(None));
            self.items.push(item);
        } else {
            assert_eq!(returned(polled), None);
            self.putters.push(Waiting {
                by_hand,
                state: State::Waits,
                item: Some(item),
            });
        }
    }

    fn poll_getter(&mut self, index: usize, random: &mut Random) {
        let getter = &mut self.getters[index];
        let (polled, state) = (getter.by_hand.poll_somehow(random), getter.state);
        if state != State::Waits {
            self.getters.remove(index);
        }
        let expected = match state {
            State::Waits => None,
            State::HasPermit => Some(Some(self.take().number)),
            State::Dismissed => Some(None),
        };
        assert_eq!(number(polled), expected);
    }

    fn poll_putter(&mut self, index: usize, random: &mut Random) {
        let putter = &mut self.putters[index];
        let (polled, state, item) = (
            putter.by_hand.poll_somehow(random),
            putter.state,
            putter.item.unwrap(),
        );
        if state != State::Waits {
            self.putters.remove(index);
        }
        let expected = match state {
            State::Waits => None,
            State::HasPermit if !self.is_closed => {
                self.items.push(item);
                Some(None)
            }
            State::HasPermit | State::Dismissed => Some(Some(item.number)),
        };
        assert_eq!(returned(polled), expected);
    }

    fn try_get(&mut self) {
        let got = self.queue.try_get().map(|item| item.number);
        if self.available() > 0 {
            assert_eq!(got, Ok(self.take().number));
        } else if self.is_closed && self.items.is_empty() {
            assert_eq!(got, Err(TryGetError::Closed));
        } else {
            assert_eq!(got, Err(TryGetError::Empty));
        }
    }

    fn try_put(&mut self, random: &mut Random) {
        let item = self.new_item(random);
        let put = self.queue.try_put(item);
        if self.is_closed {
            assert!(matches!(put, Err(TryPutError::Closed(back)) if back.number == item.number));
        } else if self.room() == 0 {
            assert!(matches!(put, Err(TryPutError::Full(back)) if back.number == item.number));
        } else {
            assert_eq!(put, Ok(()));
            self.items.push(item);
        }
    }

    fn step(&mut self, random: &mut Random) {
        match random.below(100) {
            0..20 => self.get(),
            20..40 => self.put(random),
            40..58 if !self.getters.is_empty() => {
                self.poll_getter(random.below(self.getters.len()), random)
            }
            58..76 if !self.putters.is_empty() => {
                self.poll_putter(random.below(self.putters.len()), random)
            }
            76..82 if !self.getters.is_empty() => {
                drop(self.getters.remove(random.below(self.getters.len())))
            }
            82..88 if !self.putters.is_empty() => {
                drop(self.putters.remove(random.below(self.putters.len())))
            }
            88..93 => self.try_get(),
            93..98 => self.try_put(random),
            98 if random.below(3) == 0 => {
                self.queue.close();
                self.is_closed = true;
            }
            _ => {}
        }
        self.settle();
    }

    /// Hands out all permits that there are, and checks that the waiters that have one now were
    /// woken, and no others.
    fn settle(&mut self) {
        while self.available() > 0 && serve_next(&mut self.getters) {}
        if self.is_closed {
            dismiss(&mut self.putters);
        } else {
            while self.room() > 0 && serve_next(&mut self.putters) {}
        }
        if self.is_closed && self.items.is_empty() {
            dismiss(&mut self.getters);
        }
        assert_eq!(self.queue.len(), self.items.len());
        let getters = self
            .getters
            .iter()
            .map(|one| (one.by_hand.wakes(), one.state));
        let putters = self
            .putters
            .iter()
            .map(|one| (one.by_hand.wakes(), one.state));
        for (wakes, state) in getters.chain(putters) {
            assert_eq!(
                wakes,
                usize::from(state != State::Waits),
                "woken {wakes} times, but: {state:?}"
            );
        }
    }
}

/// The number of what was got: pending, closed, or an item.
fn number(polled: Poll<Option<Item>>) -> Option<Option<usize>> {
    match polled {
        Poll::Pending => None,
        Poll::Ready(item) => Some(item.map(|item| item.number)),
    }
}

/// The number of what came back: pending, put, or closed.
fn returned(polled: Poll<Result<(), Closed<Item>>>) -> Option<Option<usize>> {
    match polled {
        Poll::Pending => None,
        Poll::Ready(put) => Some(put.err().map(|Closed(item)| item.number)),
    }
}

/// Does the same to a queue and to its model, step by step, in many random schedules.
pub(crate) fn compare<Q: AnyQueue>(make: impl Fn(usize) -> Q) {
    for seed in 0..2_000 {
        let mut random = Random::new(seed);
        let capacity = 1 + random.below(3);
        let queue = make(capacity);
        let mut model = Model {
            queue: &queue,
            capacity,
            is_closed: false,
            items: vec![],
            getters: vec![],
            putters: vec![],
            numbers: 0,
        };
        for step in 0..150 {
            let run = std::panic::AssertUnwindSafe(|| model.step(&mut random));
            if let Err(payload) = std::panic::catch_unwind(run) {
                eprintln!("seed {seed}, step {step}");
                std::panic::resume_unwind(payload);
            }
        }
    }
}
