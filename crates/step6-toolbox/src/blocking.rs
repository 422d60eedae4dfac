//! How does blocking work run beside the loop?
