//! How do two futures run at once in one task?
