// Exercise: a message in two parts.
//
// A stream has no idea of messages: what was written in one go may be read in two. This goes on reading until it has
// as many bytes as it wants, but they are not the right ones.

use std::io::{self, Read};
use std::os::unix::net::UnixStream;

use step4_select::{Co, Direction, Socket};

/// Fills the buffer from a stream, however many parts the bytes come in.
///
/// A stream that ends before that is an error of the kind `UnexpectedEof`.
async fn read_exact(
    co: &Co,
    stream: &Socket<UnixStream>,
    buffer: &mut [u8],
) -> io::Result<()> {
    let mut filled = 0;
    while filled < buffer.len() {
        let length = stream
            .attempt(co, Direction::Read, |mut io| io.read(buffer))
            .await?;
        if length == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        filled += length;
    }
    Ok(())
}
