//! The tests of the server and the client.

mod answers;
mod requests;
mod server;
mod source;
