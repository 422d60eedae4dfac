//! Many waiting tasks: all of them are woken, or the wrong one first.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use step8_fast_executor::{spawn, yield_now};

use crate::bugs::{Build, Figures};
use crate::measured::measured;

/// What is wrong with it, if anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wakes {
    FirstCome,
    LastCome,
    Everybody,
}

/// Items, and the tasks that wait for one.
struct Items {
    count: Cell<u32>,
    waiters: RefCell<VecDeque<Waker>>,
    wakes: Wakes,
}

impl Items {
    fn new(wakes: Wakes) -> Rc<Items> {
        Rc::new(Items {
            count: Cell::new(0),
            waiters: RefCell::default(),
            wakes,
        })
    }

    fn put(&self) {
        self.count.set(self.count.get() + 1);
        let mut waiters = self.waiters.take();
        let woken: Vec<Waker> = match self.wakes {
            Wakes::FirstCome => waiters.pop_front().into_iter().collect(),
            Wakes::LastCome => waiters.pop_back().into_iter().collect(),
            Wakes::Everybody => waiters.drain(..).collect(),
        };
        self.waiters.replace(waiters);
        woken.into_iter().for_each(Waker::wake);
    }

    async fn take(&self) {
        poll_fn(|cx| {
            if self.count.get() > 0 {
                self.count.set(self.count.get() - 1);
                return Poll::Ready(());
            }
            self.waiters.borrow_mut().push_back(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

pub(crate) fn one_event_wakes_every_task(build: Build) -> Figures {
    let wakes = if build == Build::Right {
        Wakes::FirstCome
    } else {
        Wakes::Everybody
    };
    measured(async {
        let items = Items::new(wakes);
        for _ in 0..1_000 {
            let items = items.clone();
            drop(spawn(async move { items.take().await }));
        }
        for _ in 0..1_000 {
            yield_now().await;
            items.put();
        }
        yield_now().await;
    })
}

pub(crate) fn waiters_served_lifo(build: Build) -> Figures {
    let wakes = if build == Build::Right {
        Wakes::FirstCome
    } else {
        Wakes::LastCome
    };
    let taken: Vec<Rc<Cell<u64>>> = (0..10).map(|_| Rc::default()).collect();
    let mut figures = measured(async {
        let items = Items::new(wakes);
        for taken in &taken {
            let (items, taken) = (items.clone(), taken.clone());
            drop(spawn(async move {
                loop {
                    items.take().await;
                    taken.set(taken.get() + 1);
                }
            }));
        }
        for _ in 0..1_000 {
            yield_now().await;
            items.put();
        }
        yield_now().await;
    });
    figures.push((taken[0].get(), "items for the first task"));
    figures.push((taken[9].get(), "for the last"));
    figures
}
