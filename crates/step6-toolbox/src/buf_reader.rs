//! Reading lines, lengths and delimiters from a stream, which gives bytes as they come.

use std::io::{self, ErrorKind};

use crate::AsyncRead;

/// How many bytes are read at once.
const CHUNK: usize = 8 * 1024;

/// Reads from a stream by lines, by lengths or to the end.
///
/// This is Python's `StreamReader`. Bytes that have come and were not yet asked for stay in its
/// buffer. So do those that a read has collected when it is dropped, fails or meets the end, and
/// the next read starts with them. So all reads are cancel safe.
///
/// Every read whose length is up to the peer has a limit.
///
/// # Examples
///
/// ```
/// use step5_executor::net::{TcpListener, TcpStream};
/// use step5_executor::{block_on, spawn};
/// use step6_toolbox::BufReader;
///
/// block_on(async {
///     let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
///     let address = listener.local_addr()?;
///     let client = spawn(async move {
///         let stream = TcpStream::connect(address).await?;
///         stream.write_all(b"5 letters\r\nhello").await?;
///         BufReader::new(stream).read_to_end(100).await
///     });
///
///     let (stream, _) = listener.accept().await?;
///     let mut reader = BufReader::new(&stream);
///     assert_eq!(reader.read_line(100).await?, "5 letters\r\n");
///     assert_eq!(reader.read_exactly(5).await?, b"hello");
///     stream.write_all(b"thanks").await?;
///     drop(stream);
///     assert_eq!(client.await.unwrap()?, b"thanks");
///     std::io::Result::Ok(())
/// })?;
/// # std::io::Result::Ok(())
/// ```
pub struct BufReader<R> {
    source: R,
    /// What has come and was not yet asked for.
    buffer: Vec<u8>,
    /// Where the source puts bytes. None stays here over an `await`.
    chunk: Box<[u8]>,
}

impl<R: AsyncRead> BufReader<R> {
    /// Makes a reader of a stream, or of a reference to one.
    pub fn new(source: R) -> BufReader<R> {
        BufReader {
            source,
            buffer: Vec::new(),
            chunk: vec![0; CHUNK].into(),
        }
    }

    /// Returns what has come and was not yet asked for.
    pub fn buffer(&self) -> &[u8] {
        &self.buffer
    }

    /// Waits for more bytes in the buffer, and returns how many came. Zero is the end.
    ///
    /// # Errors
    ///
    /// Returns an error if the stream is broken.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped, no byte is lost.
    pub async fn fill(&mut self) -> io::Result<usize> {
        let length = self.source.read(&mut self.chunk).await?;
        self.buffer.extend_from_slice(&self.chunk[..length]);
        Ok(length)
    }

    /// Waits for at least one byte, and returns what has come, up to `limit` bytes. Nothing is the
    /// end.
    ///
    /// # Errors
    ///
    /// Returns an error if the stream is broken.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped, no byte is lost.
    pub async fn read(&mut self, limit: usize) -> io::Result<Vec<u8>> {
        if self.buffer.is_empty() && limit > 0 {
            self.fill().await?;
        }
        Ok(self.take(limit.min(self.buffer.len())))
    }

    /// Waits for exactly `length` bytes.
    ///
    /// # Errors
    ///
    /// Returns an error if the stream is broken, or [`ErrorKind::UnexpectedEof`] if it ends before.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped, no byte is lost.
    pub async fn read_exactly(&mut self, length: usize) -> io::Result<Vec<u8>> {
        while self.buffer.len() < length {
            if self.fill().await? == 0 {
                return Err(ends_early(self.buffer.len()));
            }
        }
        Ok(self.take(length))
    }

    /// Waits for a delimiter, and returns what comes before it, and the delimiter.
    ///
    /// # Errors
    ///
    /// Returns an error if the stream is broken, [`ErrorKind::UnexpectedEof`] if it ends before the
    /// delimiter, or [`ErrorKind::InvalidData`] if it takes more than `limit` bytes.
    ///
    /// # Panics
    ///
    /// Panics if the delimiter is empty.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped, no byte is lost.
    pub async fn read_until(&mut self, delimiter: &[u8], limit: usize) -> io::Result<Vec<u8>> {
        let found = self.find(delimiter, limit).await?;
        let bytes = found.map(|length| self.take(length));
        bytes.ok_or_else(|| ends_early(self.buffer.len()))
    }

    /// Waits for a delimiter. Returns the length up to its end, or `None` if the stream ends before
    /// it.
    async fn find(&mut self, delimiter: &[u8], limit: usize) -> io::Result<Option<usize>> {
        let mut from = 0;
        loop {
            let bytes = &self.buffer[from..limit.min(self.buffer.len())];
            let mut windows = bytes.windows(delimiter.len());
            if let Some(start) = windows.position(|window| window == delimiter) {
                return Ok(Some(from + start + delimiter.len()));
            }
            // At exactly the limit, the end of the stream may be next.
            if self.buffer.len() > limit {
                return Err(too_long(limit));
            }
            // The beginning of the delimiter may be there already.
            from = self.buffer.len().saturating_sub(delimiter.len() - 1);
            if self.fill().await? == 0 {
                return Ok(None);
            }
        }
    }

    /// Waits for a line, and returns it with its `\n`, which only the last one may lack. An empty
    /// line is the end.
    ///
    /// # Errors
    ///
    /// Returns an error if the stream is broken, or [`ErrorKind::InvalidData`] if the line has more
    /// than `limit` bytes or is not UTF-8. In the last case the line is gone, and the next read
    /// gets what follows.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped, no byte is lost.
    pub async fn read_line(&mut self, limit: usize) -> io::Result<String> {
        let found = self.find(b"\n", limit).await?;
        let line = self.take(found.unwrap_or(self.buffer.len()));
        String::from_utf8(line).map_err(|error| io::Error::new(ErrorKind::InvalidData, error))
    }

    /// Waits for the end, and returns everything before it.
    ///
    /// # Errors
    ///
    /// Returns an error if the stream is broken, or [`ErrorKind::InvalidData`] if that is more than
    /// `limit` bytes.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped, no byte is lost.
    pub async fn read_to_end(&mut self, limit: usize) -> io::Result<Vec<u8>> {
        while self.buffer.len() <= limit {
            if self.fill().await? == 0 {
                return Ok(self.take(self.buffer.len()));
            }
        }
        Err(too_long(limit))
    }

    /// Takes bytes off the front of the buffer.
    ///
    /// # Panics
    ///
    /// Panics if there are fewer.
    pub fn take(&mut self, length: usize) -> Vec<u8> {
        self.buffer.drain(..length).collect()
    }
}

fn ends_early(length: usize) -> io::Error {
    let message = format!("the stream ends after {length} bytes of what was to be read");
    io::Error::new(ErrorKind::UnexpectedEof, message)
}

fn too_long(limit: usize) -> io::Error {
    let message = format!("what was to be read is longer than the limit of {limit} bytes");
    io::Error::new(ErrorKind::InvalidData, message)
}
