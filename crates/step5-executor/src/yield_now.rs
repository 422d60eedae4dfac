//! How a task gives the others a turn: it wakes itself, and is pending once.

use std::future::poll_fn;
use std::task::Poll;

use trace::Reason;

/// Lets the other tasks have a turn: the task goes to the back of the ready queue.
///
/// It needs only a waker, so it works on any executor.
///
/// # Examples
///
/// ```
/// use std::cell::RefCell;
/// use std::rc::Rc;
/// use step5_executor::{block_on, spawn, yield_now};
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
pub async fn yield_now() {
    let mut was_polled = false;
    poll_fn(|cx| {
        if was_polled {
            return Poll::Ready(());
        }
        was_polled = true;
        cx.waker().wake_by_ref();
        trace::waits(Reason::Turn);
        Poll::Pending
    })
    .await;
}
