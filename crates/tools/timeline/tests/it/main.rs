//! The tests of recordings, and of the pictures that are drawn of them.

mod layout;
mod markup;
mod messages;
mod notes;
mod page;
mod recorder;
mod same_to_the_byte;
mod support;
mod svg;
