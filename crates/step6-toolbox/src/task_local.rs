//! Values that belong to a task.

use std::cell::RefCell;
use std::future::poll_fn;
use std::mem;
use std::pin::pin;
use std::thread::LocalKey;

/// Runs a future that has its own value of a thread's variable.
///
/// With one such future for each task, this is Python's `ContextVar`. The value is swapped in
/// before each poll and out after it, so other tasks never see it; they see the variable's initial
/// value. A task that is spawned inside does not inherit the value: put a clone of it into another
/// `scope`. It works on any executor.
///
/// # Cancel safety
///
/// As for the future. If it is dropped where it stands, its locals are dropped without the value.
///
/// # Panics
///
/// Panics if the future does, after the value is swapped out.
///
/// # Examples
///
/// ```
/// use std::cell::RefCell;
/// use step5_executor::{block_on, yield_now};
/// use step6_toolbox::{join, scope};
///
/// thread_local! {
///     static USER: RefCell<&'static str> = const { RefCell::new("guest") };
/// }
///
/// async fn greet() -> String {
///     yield_now().await;
///     format!("hello {}", USER.with_borrow(|user| *user))
/// }
///
/// block_on(async {
///     let greetings = join(scope(&USER, "ada", greet()), scope(&USER, "alan", greet()));
///     assert_eq!(greetings.await, ("hello ada".into(), "hello alan".into()));
///     assert_eq!(greet().await, "hello guest");
/// });
/// ```
pub async fn scope<T: 'static, F: Future>(
    variable: &'static LocalKey<RefCell<T>>,
    mut value: T,
    future: F,
) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|cx| {
        let _swapped = Swapped::new(variable, &mut value);
        future.as_mut().poll(cx)
    })
    .await
}

/// Swaps a value in, and out again when it is dropped, even by a panic.
struct Swapped<'a, T: 'static> {
    variable: &'static LocalKey<RefCell<T>>,
    value: &'a mut T,
}

impl<'a, T> Swapped<'a, T> {
    fn new(variable: &'static LocalKey<RefCell<T>>, value: &'a mut T) -> Swapped<'a, T> {
        variable.with_borrow_mut(|current| mem::swap(current, value));
        Swapped { variable, value }
    }
}

impl<T> Drop for Swapped<'_, T> {
    fn drop(&mut self) {
        self.variable
            .with_borrow_mut(|current| mem::swap(current, self.value));
    }
}
