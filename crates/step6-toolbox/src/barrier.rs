//! How do N tasks wait for each other?
