//! The first line and the headers of requests and answers (RFC 9112, sections 2 to 5).

use std::io;

use step6_toolbox::{AsyncRead, BufReader};

/// How many bytes a head may have: its first line, its headers, and the empty line.
pub const MAX_HEAD: usize = 8 * 1024;

/// Why a message is refused: a status for the answer, and a sentence for its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The status, such as 400.
    pub status: u16,
    /// The sentence.
    pub why: &'static str,
}

pub(crate) const fn refuse<T>(status: u16, why: &'static str) -> Result<T, Refusal> {
    Err(Refusal { status, why })
}

/// Reads a head line by line, as it comes, and looks at each byte once.
pub(crate) struct HeadReader<R> {
    pub(crate) reader: BufReader<R>,
    /// How many bytes of the reader's buffer belong to lines that were read.
    pub(crate) position: usize,
}

impl<R: AsyncRead> HeadReader<R> {
    pub(crate) fn new(source: R) -> HeadReader<R> {
        HeadReader {
            reader: BufReader::new(source),
            position: 0,
        }
    }

    /// Waits for a line, and returns it without its end.
    ///
    /// A line may end without a carriage return, as a typed one does. A byte that no line may
    /// contain is refused at once: a peer that sends it does not speak HTTP, and may never finish
    /// the line.
    pub(crate) async fn line(&mut self) -> Result<String, Refusal> {
        let start = self.position;
        let mut is_return = false;
        loop {
            while let Some(byte) = self.reader.buffer().get(self.position).copied() {
                if self.position == MAX_HEAD {
                    return refuse(431, "the headers are too long");
                }
                self.position += 1;
                match byte {
                    b'\n' => {
                        let end = self.position - 1 - usize::from(is_return);
                        let line = &self.reader.buffer()[start..end];
                        // Each byte is a letter of Latin-1, as in the days of HTTP/1.0.
                        return Ok(line.iter().copied().map(char::from).collect());
                    }
                    _ if is_return => return refuse(400, "a line ends without a line feed"),
                    b'\r' => is_return = true,
                    b'\t' | b' '..=b'~' | 0x80.. => {}
                    _ => return refuse(400, "there is a control character"),
                }
            }
            match self.reader.fill().await {
                Ok(0) => return refuse(400, "the message ends before its headers do"),
                Ok(_) => {}
                Err(_) => return refuse(400, "the connection is broken"),
            }
        }
    }

    /// Waits for the headers, and the empty line after them.
    pub(crate) async fn headers(&mut self) -> Result<Headers, Refusal> {
        let mut headers = vec![];
        loop {
            let line = self.line().await?;
            if line.is_empty() {
                return Ok(Headers(headers));
            }
            let Some((name, value)) = line.split_once(':').filter(|(name, _)| is_token(name))
            else {
                return refuse(400, "a header is not a name, a colon and a value");
            };
            // Space and tab only: `trim` would take away more.
            let value = value.trim_matches([' ', '\t']);
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
    }

    /// Waits for the body: `length` bytes, or everything up to the end.
    pub(crate) async fn body(mut self, length: Option<usize>, max: usize) -> io::Result<Vec<u8>> {
        let mut bytes = match length {
            Some(length) => self.reader.read_exactly(self.position + length).await?,
            None => self.reader.read_to_end(self.position + max).await?,
        };
        Ok(bytes.split_off(self.position))
    }
}

/// Names, in lower case, and values.
pub(crate) struct Headers(Vec<(String, String)>);

impl Headers {
    /// Returns the value of a header, which a message may have only once.
    pub(crate) fn get(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let mut values = self.0.iter().filter(|header| header.0 == name);
        match (values.next(), values.next()) {
            (value, None) => Ok(value.map(|header| header.1.as_str())),
            _ => refuse(400, "a header that may be there once is there twice"),
        }
    }

    /// Returns the length of the body, if there is one.
    pub(crate) fn length(&self) -> Result<Option<usize>, Refusal> {
        if self.0.iter().any(|header| header.0 == "transfer-encoding") {
            return refuse(501, "a Transfer-Encoding is not understood here");
        }
        let Some(length) = self.get("content-length")? else {
            return Ok(None);
        };
        match number(length) {
            Some(length) => Ok(Some(length)),
            None => refuse(400, "the Content-Length is not a number"),
        }
    }
}

/// Reads a number: ASCII digits, and nothing else. (`parse` alone would take `+4`.)
pub(crate) fn number(text: &str) -> Option<usize> {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_digits)
}

/// Returns whether this can be a method, or the name of a header (RFC 9110, section 5.6.2).
pub(crate) fn is_token(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_allowed)
}

/// Returns whether this is a version of HTTP/1. One later than 1.1 can be read like 1.1.
pub(crate) fn is_http_1(version: &str) -> bool {
    let minor = version.strip_prefix("HTTP/1.").map(str::as_bytes);
    minor.is_some_and(|minor| matches!(minor, [b'0'..=b'9']))
}
