//! Does `Epoll` keep the promises that every `Selector` makes?

use step4_select::Selector;
use step7_epoll::Epoll;

#[path = "../../step4-select/tests/support/conformance.rs"]
mod conformance;

fn make() -> Box<dyn Selector> {
    Box::new(Epoll::new().unwrap())
}

conformance::tests!(make);
