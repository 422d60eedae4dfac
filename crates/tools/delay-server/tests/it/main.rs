//! The tests of the server as a library, as a program, and of its clients.

mod answers;
mod command_line;
mod requests;
mod start;
mod stop;
mod stopped;
mod support;
