//! Does `Select` keep the promises that every `Selector` makes?

use step4_select::Select;

testing::conformance_tests!(|| Box::new(Select::new().unwrap()));
