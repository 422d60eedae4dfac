//! How does a future go on when who awaits it does not?
