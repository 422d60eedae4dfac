//! What a panic says.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs this, which must panic, and returns what the panic says.
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
