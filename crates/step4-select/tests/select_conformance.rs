//! Does `Select` keep the promises that every `Selector` makes?

use step4_select::{Select, Selector};

#[path = "support/conformance.rs"]
mod conformance;

fn make() -> Box<dyn Selector> {
    Box::new(Select::new().unwrap())
}

conformance::tests!(make);
