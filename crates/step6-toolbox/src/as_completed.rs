//! How do outputs arrive in the order in which they are made?
