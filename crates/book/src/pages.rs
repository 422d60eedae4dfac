//! Which pages have examples of Rust that are complete, and so are tests? `cargo test -p book --doc` runs them.

macro_rules! pages {
    ($($name:ident: $path:literal,)*) => {
        $(#[doc = include_str!($path)] struct $name;)*
    };
}

pages! {
    Step1: "../../../docs/step1-interleaver.md",
}
