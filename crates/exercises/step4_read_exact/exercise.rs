// Exercise: a message in two parts.
//
// A stream knows nothing of messages: what was written in one go may be read in two. This function
// reads until it has as many bytes as the buffer takes, but they are not the right ones.

use std::io::{self, ErrorKind, Read};
use std::os::unix::net::UnixStream;

use step4_select::Co;

/// Fills the buffer from a non-blocking stream, however many parts the bytes come in.
///
/// A stream that ends before that is an error of the kind `UnexpectedEof`.
async fn read_exact(co: &Co, mut stream: &UnixStream, buffer: &mut [u8]) -> io::Result<()> {
    let mut filled = 0;
    while filled < buffer.len() {
        co.readable(stream).await?;
        match stream.read(buffer) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(length) => filled += length,
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
