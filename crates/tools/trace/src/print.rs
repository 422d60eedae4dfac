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
    () => {{ $crate::print(::std::format_args!("")); }};
    // In a block of its own, which drops what the arguments borrow.
    ($($argument:tt)*) => {{ $crate::print(::std::format_args!($($argument)*)); }};
}

/// What [`println!`](crate::println) calls.
#[doc(hidden)]
pub fn print(line: fmt::Arguments<'_>) {
    if !has_listener() {
        return std::println!("{line}");
    }
    // Once: to show a value may have effects.
    let line = line.to_string();
    std::println!("{line}");
    printed(&line);
}

/// Reports that a line was printed.
pub fn printed(line: &str) {
    emit(|| Event::Printed(line.to_owned()));
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::fmt;
    use std::rc::Rc;
    use std::sync::Mutex;

    use crate::Event;

    /// Counts how often it is shown.
    #[derive(Default)]
    struct Shown(Cell<u32>);

    impl fmt::Display for Shown {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.set(self.0.get() + 1);
            write!(f, "shown {}", self.0.get())
        }
    }

    #[test]
    fn what_is_printed_is_what_is_reported() {
        let heard = Rc::new(RefCell::new(vec![]));
        let log = heard.clone();
        let _listening = crate::listen(move |event| log.borrow_mut().push(event));
        let shown = Shown::default();
        println!("{shown}");
        println!();
        let printed = ["shown 1", ""].map(|line| Event::Printed(line.to_owned()));
        assert_eq!(*heard.borrow(), printed);
    }

    #[test]
    #[expect(
        clippy::match_single_binding,
        reason = "what is borrowed for a match lives to its end"
    )]
    fn what_an_argument_borrows_is_given_back() {
        let lock = Mutex::new(1);
        match println!("{}", lock.lock().unwrap()) {
            () => assert!(lock.try_lock().is_ok()),
        }
    }
}
