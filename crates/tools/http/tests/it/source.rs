//! Bytes that come in pieces, as from a socket.

use std::cell::RefCell;
use std::io;

use step6_toolbox::AsyncRead;
use testing::random::Random;

/// Gives its bytes in pieces, and then ends, or is silent.
pub(crate) struct Source {
    rest: RefCell<(Vec<u8>, Random)>,
    longest_piece: usize,
    ends: bool,
}

impl Source {
    /// Makes one that ends.
    pub(crate) fn new(bytes: &[u8], longest_piece: usize) -> Source {
        Source {
            rest: RefCell::new((bytes.to_vec(), Random::new(1))),
            longest_piece,
            ends: true,
        }
    }

    /// Makes one that is silent after the last byte, so that a reader that wants more waits
    /// forever.
    pub(crate) fn silent(bytes: &[u8]) -> Source {
        Source {
            ends: false,
            ..Source::new(bytes, 3)
        }
    }
}

impl AsyncRead for Source {
    async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.rest.borrow().0.is_empty() && !self.ends {
            std::future::pending::<()>().await;
        }
        let (bytes, random) = &mut *self.rest.borrow_mut();
        let length = bytes.len().min(1 + random.below(self.longest_piece));
        buffer[..length].copy_from_slice(&bytes[..length]);
        bytes.drain(..length);
        Ok(length)
    }
}
