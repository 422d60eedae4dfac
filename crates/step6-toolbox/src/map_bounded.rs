//! How does a pool of at most N futures work through an input that may be endless?
