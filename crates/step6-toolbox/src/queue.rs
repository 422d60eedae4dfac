//! How do tasks pass items on, and wait for room or for an item?
