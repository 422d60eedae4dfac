//! How are at most N let in?
