// Exercise: which of many bells has rung?
//
// A porter waits for any of many bells, each of which is a waker. When one rings, the porter looks
// at one bell after the other until it finds one that has rung. That may take a thousand looks for
// one ring; and while the first bells keep ringing, the last ones in the row wait. Let the porter
// look only at bells that have rung, in the order in which they did.

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
    has_rung: Vec<bool>,
    /// The porter, while it waits.
    porter: Option<Waker>,
}

impl Porter {
    fn new(bells: usize) -> Porter {
        let hall = Arc::new(Mutex::new(Hall {
            has_rung: vec![false; bells],
            porter: None,
        }));
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
        for number in 0..hall.has_rung.len() {
            self.looks += 1;
            if mem::take(&mut hall.has_rung[number]) {
                return Poll::Ready(number);
            }
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
        hall.has_rung[self.number] = true;
        if let Some(porter) = hall.porter.take() {
            porter.wake();
        }
    }
}
