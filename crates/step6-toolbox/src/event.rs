//! How do many wait for one thing to happen?
