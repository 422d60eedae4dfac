//! What does a panic say?
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs this, which must panic, and returns what the panic says.
#[track_caller]
pub(crate) fn of<T>(run: impl FnOnce() -> T) -> String {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(_) => panic!("it did not panic"),
        Err(payload) => text(&*payload),
    }
}

/// Returns the text that a panic carries.
pub(crate) fn text(payload: &(dyn Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .expect("the panic carries a text")
}
