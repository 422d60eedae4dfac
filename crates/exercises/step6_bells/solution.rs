// Hint: a bell pushes its number onto a list, unless it is on the list already. The porter takes
// numbers from the front.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::mem;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// The one that waits for bells.
struct Porter {
    bells: Vec<Waker>,
    hall: Arc<Mutex<Hall>>,
    /// How many bells it has looked at, in all.
    looks: usize,
}

/// What the porter and the bells share.
struct Hall {
    /// Whether each bell is on the list.
    has_rung: Vec<bool>,
    /// The numbers of the bells that have rung, in order.
    list: VecDeque<usize>,
    /// The porter, while it waits.
    porter: Option<Waker>,
}

impl Porter {
    fn new(bells: usize) -> Porter {
        let hall = Hall {
            has_rung: vec![false; bells],
            list: VecDeque::new(),
            porter: None,
        };
        let hall = Arc::new(Mutex::new(hall));
        let bell = |number| {
            Waker::from(Arc::new(Bell {
                number,
                hall: hall.clone(),
            }))
        };
        Porter {
            bells: (0..bells).map(bell).collect(),
            hall,
            looks: 0,
        }
    }

    /// Returns a bell. Waking with it rings it.
    fn bell(&self, number: usize) -> Waker {
        self.bells[number].clone()
    }

    /// Waits until a bell rings, and returns its number. One that rings again before that counts
    /// once.
    async fn next(&mut self) -> usize {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        let mut hall = self.hall.lock().unwrap();
        if let Some(number) = hall.list.pop_front() {
            self.looks += 1;
            hall.has_rung[number] = false;
            return Poll::Ready(number);
        }
        hall.porter = Some(cx.waker().clone());
        Poll::Pending
    }
}

struct Bell {
    number: usize,
    hall: Arc<Mutex<Hall>>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        let mut hall = self.hall.lock().unwrap();
        if !mem::replace(&mut hall.has_rung[self.number], true) {
            hall.list.push_back(self.number);
        }
        if let Some(porter) = hall.porter.take() {
            porter.wake();
        }
    }
}
