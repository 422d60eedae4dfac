//! How do many futures run at once in one task, and who gives their outputs in order?
