//! A `println!` that reports what it prints.

use std::fmt;

use crate::Event;
use crate::listener::{emit, has_listener};

/// Prints a line as std's `println!` does, and reports it.
///
/// One import makes a program's output a part of its record: the code stays as it is.
///
/// # Panics
///
/// Panics if std's `println!` does.
///
/// # Examples
///
/// ```
/// use std::{cell::RefCell, rc::Rc};
/// use trace::{Event, println};
///
/// let heard = Rc::new(RefCell::new(Vec::new()));
/// let log = heard.clone();
/// let _listening = trace::listen(move |event| log.borrow_mut().push(event));
/// println!("hello {}", "world");
/// assert_eq!(*heard.borrow(), [Event::Printed("hello world".to_owned())]);
/// ```
#[macro_export]
macro_rules! println {
    () => { $crate::print(::std::format_args!("")) };
    ($($argument:tt)*) => { $crate::print(::std::format_args!($($argument)*)) };
}

/// What [`println!`](crate::println) calls.
#[doc(hidden)]
pub fn print(line: fmt::Arguments<'_>) {
    std::println!("{line}");
    if has_listener() {
        printed(&line.to_string());
    }
}

/// Reports that a line was printed.
pub fn printed(line: &str) {
    emit(|| Event::Printed(line.to_owned()));
}
