//! The future that lets other tasks have a turn: it wakes its own task, and waits.

use std::pin::Pin;
use std::task::{Context, Poll};

/// Lets others have a turn: the task goes to the back of the ready queue.
///
/// It needs nothing but a waker, so it works on any executor.
///
/// # Examples
///
/// ```
/// use std::cell::RefCell;
/// use std::rc::Rc;
/// use step8_fast_executor::{block_on, spawn, yield_now};
///
/// let letters = Rc::new(RefCell::new(String::new()));
/// let write = |text: &'static str| {
///     let letters = letters.clone();
///     async move {
///         for letter in text.chars() {
///             letters.borrow_mut().push(letter);
///             yield_now().await;
///         }
///     }
/// };
/// let (abc, xyz) = (write("ABC"), write("XYZ"));
/// block_on(async {
///     let (abc, xyz) = (spawn(abc), spawn(xyz));
///     abc.await.and(xyz.await).unwrap();
/// });
/// assert_eq!(*letters.borrow(), "AXBYCZ");
/// ```
pub fn yield_now() -> YieldNow {
    YieldNow { has_yielded: false }
}

/// The future returned by [`yield_now`]: pending once.
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct YieldNow {
    has_yielded: bool,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.has_yielded {
            return Poll::Ready(());
        }
        self.has_yielded = true;
        cx.waker().wake_by_ref();
        trace::waits(trace::Reason::Turn);
        Poll::Pending
    }
}
