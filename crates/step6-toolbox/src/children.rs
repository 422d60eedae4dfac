//! Which of many child futures was woken, and so is the one to poll?
