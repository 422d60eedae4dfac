//! The parser is tested as a function, and the rest with the examples as programs.

mod arguments;
mod client;
mod hostile;
mod program;
