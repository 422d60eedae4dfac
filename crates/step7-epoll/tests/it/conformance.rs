//! Does `Epoll` keep the promises that every `Selector` makes?

use step7_epoll::Epoll;

testing::conformance_tests!(|| Box::new(Epoll::new().unwrap()));
