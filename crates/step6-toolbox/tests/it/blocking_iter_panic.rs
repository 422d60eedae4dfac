//! Who learns of a panic in the thread of a blocking iterator?

use std::sync::mpsc;
use step6_toolbox::{BlockingIter, async_generator, into_blocking_iter};
use testing::panic_message;
use testing::watchdog::within_a_minute;

use crate::blocking_iter::*;

#[test]
fn a_panic_comes_after_the_values_before_it() {
    within_a_minute(|| {
        let make = || {
            async_generator(async |yielder| {
                yielder.yield_(1).await;
                yielder.yield_(2).await;
                panic!("oh");
            })
        };
        let mut iterator = into_blocking_iter(make);
        assert_eq!((iterator.next(), iterator.next()), (Some(1), Some(2)));
        assert_eq!(panic_message::of(|| iterator.next()), "oh");
        assert_eq!(iterator.next(), None);
    });
}

#[test]
fn failing_to_start_panics_in_next() {
    fn never() -> Up {
        panic!("no async iterator")
    }
    within_a_minute(|| {
        assert_eq!(
            panic_message::of(|| into_blocking_iter(never).next()),
            "no async iterator"
        );
        let executor = || Err(std::io::Error::other("no descriptor"));
        let message = panic_message::of(|| BlockingIter::on(executor, never).next());
        assert!(message.contains("no descriptor"), "{message}");
    });
}

#[test]
fn a_panic_may_be_ignored() {
    within_a_minute(|| {
        let (tell, told) = mpsc::channel::<()>();
        let iterator = into_blocking_iter(move || {
            async_generator(async move |_: &mut step6_toolbox::Yielder<u32>| {
                let _tell = tell;
                panic!("oh");
            })
        });
        assert!(told.recv().is_err());
        drop(iterator);
    });
}
