//! How does plain code iterate over what a loop in another thread makes?
