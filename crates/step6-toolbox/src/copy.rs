//! From one stream to another.

use std::io::{self, ErrorKind};

use crate::{AsyncRead, AsyncWrite, BufReader};

/// Writes all that a reader has and gets, until its end, and returns how many bytes that was.
///
/// # Errors
///
/// Returns an error if one of the two streams is broken.
///
/// # Cancel safety
///
/// Dropping it loses no byte and writes none twice, but how many were written is not known.
///
/// # Examples
///
/// A server that says what it hears:
///
/// ```
/// use std::net::Shutdown;
/// use step5_executor::net::{TcpListener, TcpStream};
/// use step5_executor::{block_on, spawn};
/// use step6_toolbox::{BufReader, copy};
///
/// block_on(async {
///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
///     let address = listener.local_addr()?;
///     let echo = spawn(async move {
///         let (stream, _) = listener.accept().await?;
///         copy(&mut BufReader::new(&stream), &stream).await
///     });
///
///     let stream = TcpStream::connect(address).await?;
///     stream.write_all(b"hello").await?;
///     stream.shutdown(Shutdown::Write)?;
///     assert_eq!(BufReader::new(&stream).read_to_end(100).await?, b"hello");
///     assert_eq!(echo.await.unwrap()?, 5);
///     std::io::Result::Ok(())
/// })?;
/// # std::io::Result::Ok(())
/// ```
pub async fn copy<R: AsyncRead, W: AsyncWrite>(
    reader: &mut BufReader<R>,
    writer: &W,
) -> io::Result<u64> {
    let mut copied = 0;
    loop {
        if reader.buffer().is_empty() && reader.fill().await? == 0 {
            return Ok(copied);
        }
        let written = writer.write(reader.buffer()).await?;
        if written == 0 {
            return Err(ErrorKind::WriteZero.into());
        }
        reader.take(written);
        copied += written as u64;
    }
}
