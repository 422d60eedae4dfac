//! Futures that are polled, woken and dropped by hand, in any order.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use testing::random::Random;

/// A future, and a waker of its own, which counts.
pub(crate) struct ByHand<'a, T> {
    future: Pin<Box<dyn Future<Output = T> + 'a>>,
    wakes: Arc<Wakes>,
}

#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl<'a, T> ByHand<'a, T> {
    pub(crate) fn new(future: impl Future<Output = T> + 'a) -> ByHand<'a, T> {
        ByHand {
            future: Box::pin(future),
            wakes: Arc::default(),
        }
    }

    /// Makes one that was polled once, and waits.
    pub(crate) fn waiting(future: impl Future<Output = T> + 'a) -> ByHand<'a, T> {
        let mut by_hand = ByHand::new(future);
        assert!(by_hand.poll().is_pending(), "it does not wait");
        by_hand
    }

    pub(crate) fn poll(&mut self) -> Poll<T> {
        self.wakes.0.store(0, Ordering::Relaxed);
        self.future
            .as_mut()
            .poll(&mut Context::from_waker(&Waker::from(self.wakes.clone())))
    }

    /// Polls with a new waker, which alone counts from now on.
    pub(crate) fn poll_with_another_waker(&mut self) -> Poll<T> {
        self.wakes = Arc::default();
        self.poll()
    }

    /// Polls with the same waker, or in one case of three with a new one.
    pub(crate) fn poll_somehow(&mut self, random: &mut Random) -> Poll<T> {
        if random.below(3) == 0 {
            self.poll_with_another_waker()
        } else {
            self.poll()
        }
    }

    /// Returns how often it was woken since the last poll.
    pub(crate) fn wakes(&self) -> usize {
        self.wakes.0.load(Ordering::Relaxed)
    }

    pub(crate) fn is_woken(&self) -> bool {
        self.wakes() > 0
    }

    /// Polls it to its end, which must come at once.
    #[track_caller]
    pub(crate) fn ready(&mut self) -> T {
        match self.poll() {
            Poll::Ready(output) => output,
            Poll::Pending => panic!("it still waits"),
        }
    }
}

/// Polls once, with a waker that does nothing.
pub(crate) fn poll_once<T>(future: impl Future<Output = T>) -> Poll<T> {
    std::pin::pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}
