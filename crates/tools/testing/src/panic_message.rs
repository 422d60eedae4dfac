//! The message and the place of a panic.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::Once;

/// Calls `run`, which must panic, and returns the message.
///
/// # Panics
///
/// Panics if it does not panic, or with something else than a text.
#[track_caller]
pub fn of<T>(run: impl FnOnce() -> T) -> String {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(_) => panic!("it did not panic"),
        Err(payload) => text(&*payload),
    }
}

/// Returns the text that a panic carries.
///
/// # Panics
///
/// Panics if it carries something else.
pub fn text(payload: &(dyn Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .expect("the panic carries a text")
}

thread_local! {
    static PLACE: RefCell<Option<(String, u32)>> = const { RefCell::new(None) };
}

/// Calls `run`, which must panic, and returns the file and the line that the panic names.
///
/// # Panics
///
/// Panics if it does not panic.
#[track_caller]
pub fn place_of<T>(run: impl FnOnce() -> T) -> (String, u32) {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let place = info.location().map(|it| (it.file().to_owned(), it.line()));
            _ = PLACE.try_with(|seen| seen.replace(place));
            before(info);
        }));
    });
    of(run);
    PLACE.take().expect("the panic names its place")
}
