//! Test support for all crates: a dev-dependency only.
