//! Iterators whose next item takes time.

/// An iterator whose next item is awaited.
///
/// Python's `async for` loops over such an iterator; other libraries call it a stream. Here the
/// loop is `while let Some(item) = items.next().await`. The future of the next item is `Send` when
/// that of the implementing type is.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use step5_executor::{Executor, sleep};
/// use step6_toolbox::AsyncIterator;
///
/// struct Countdown(u64);
///
/// impl AsyncIterator for Countdown {
///     type Item = u64;
///
///     async fn next(&mut self) -> Option<u64> {
///         sleep(Duration::from_secs(1)).await;
///         self.0 = self.0.checked_sub(1)?;
///         Some(self.0)
///     }
/// }
///
/// async fn sum(mut numbers: impl AsyncIterator<Item = u64>) -> u64 {
///     let mut sum = 0;
///     while let Some(number) = numbers.next().await {
///         sum += number;
///     }
///     sum
/// }
///
/// assert_eq!(Executor::with_virtual_time()?.block_on(sum(Countdown(4))), 6);
/// # std::io::Result::Ok(())
/// ```
pub trait AsyncIterator {
    /// The type of the items.
    type Item;

    /// Waits for the next item. Returns `None` at the end. The iterators of this crate return
    /// `None` from then on.
    ///
    /// # Cancel safety
    ///
    /// The iterators of this crate lose no item when this is dropped, and continue where they were
    /// in the next call.
    fn next(&mut self) -> impl Future<Output = Option<Self::Item>>;
}

impl<S: AsyncIterator> AsyncIterator for &mut S {
    type Item = S::Item;

    fn next(&mut self) -> impl Future<Output = Option<S::Item>> {
        (**self).next()
    }
}
