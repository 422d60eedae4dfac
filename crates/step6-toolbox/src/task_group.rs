//! How does no task outlive the block that spawned it?
