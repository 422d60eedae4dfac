//! What does a selector get from its end of the notifiers? A descriptor that is readable until it is drained.

#[path = "support/watchdog.rs"]
mod watchdog;

use std::os::fd::AsFd;
use step4_select::{Direction, Notified, Select, Selector, Token, Until};

/// Asks a selector of its own.
fn is_readable(notified: &Notified) -> bool {
    let mut selector = Select::new().unwrap();
    selector.register(notified.as_fd(), Token(1)).unwrap();
    selector
        .arm(notified.as_fd(), Token(1), Direction::Read)
        .unwrap();
    let mut events = Vec::new();
    selector.wait(Until::Now, &mut events).unwrap();
    !events.is_empty()
}

#[test]
fn it_is_readable_from_a_notification_until_it_is_drained() {
    watchdog::within_a_minute(|| {
        let notified = Notified::new().unwrap();
        assert!(!is_readable(&notified));
        // The second count fills any buffer, and the third one a read of the drain.
        for count in [1, 100_000, 1_024] {
            for _ in 0..count {
                notified.notifier().notify();
            }
            assert!(is_readable(&notified));
            notified.drain();
            assert!(!is_readable(&notified));
        }
    });
}

#[test]
fn draining_what_is_empty_does_not_block() {
    watchdog::within_a_minute(|| Notified::new().unwrap().drain());
}
