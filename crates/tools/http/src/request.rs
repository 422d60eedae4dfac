//! What a client asks for: the head of a request, checked and taken apart.

use crate::Response;

/// What a client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Such as `GET`.
    pub method: String,
    /// What is to the left of a `?`. It begins with `/`.
    pub path: String,
    /// What is to the right of the `?`; empty if there is none.
    pub query: String,
    /// Whether the client knows HTTP/1.1, and with it an answer in chunks.
    pub is_1_1: bool,
    /// Whether the connection can be used again after this: the client wants it, and sends no body,
    /// which would not be read.
    pub keep_alive: bool,
}

/// Why a request is refused: the status of the answer, and a sentence for its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The status, such as 400.
    pub status: u16,
    /// The sentence.
    pub why: &'static str,
}

impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Response {
        Response::error(refusal.status, refusal.why)
    }
}

const fn bad(why: &'static str) -> Refusal {
    Refusal { status: 400, why }
}

/// Returns the length of the first head in `bytes`, with the empty line that ends it; `None` if it
/// is not complete.
pub fn head_length(bytes: &[u8]) -> Option<usize> {
    let line_ends = bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'\n')
        .map(|(index, _)| index + 1);
    line_ends
        .into_iter()
        .find_map(|start| match bytes[start..] {
            [b'\n', ..] => Some(start + 1),
            [b'\r', b'\n', ..] => Some(start + 2),
            _ => None,
        })
}

impl Request {
    /// Reads the head of a request, which [`head_length`] has cut off.
    ///
    /// A line may end without the carriage return, as a typed one does.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not HTTP, or more of HTTP than is spoken here.
    pub fn parse(head: &[u8]) -> Result<Request, Refusal> {
        let mut lines = head
            .split(|byte| *byte == b'\n')
            .map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let mut request = first_line(lines.next().unwrap_or_default())?;
        let (mut has_host, mut has_length, mut closes) = (false, false, false);
        for line in lines.take_while(|line| !line.is_empty()) {
            let (name, value) = header(line)?;
            match name.as_str() {
                "host" if has_host => return Err(bad("there are two Host headers")),
                "host" => has_host = true,
                "content-length" if has_length => {
                    return Err(bad("there are two Content-Length headers"));
                }
                "content-length" => {
                    has_length = true;
                    closes |= !value.parse::<u64>().is_ok_and(|length| length == 0);
                    if !value.bytes().all(|byte| byte.is_ascii_digit()) || value.is_empty() {
                        return Err(bad("the Content-Length is not a number"));
                    }
                }
                "transfer-encoding" => closes = true,
                "connection" => {
                    closes |= value
                        .split(',')
                        .any(|word| word.trim().eq_ignore_ascii_case("close"))
                }
                _ => {}
            }
        }
        if request.is_1_1 && !has_host {
            return Err(bad("HTTP/1.1 asks for a Host header"));
        }
        request.keep_alive = request.is_1_1 && !closes;
        Ok(request)
    }
}

/// Reads a line such as `GET /planets/3?why=not HTTP/1.1`.
fn first_line(line: &[u8]) -> Result<Request, Refusal> {
    let line = str::from_utf8(line).map_err(|_| bad("the first line is not text"))?;
    let mut words = line.split(' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(bad(
            "the first line is not a method, a path and a version, such as: GET / HTTP/1.1",
        ));
    };
    if !is_token(method) {
        return Err(bad("the method is not a word"));
    }
    if !target.starts_with('/') || !target.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(bad(
            "the path does not begin with a slash, or is not of plain characters",
        ));
    }
    let is_1_1 = match version.strip_prefix("HTTP/").map(str::as_bytes) {
        Some(b"1.1") => true,
        Some(b"1.0") => false,
        Some([b'0'..=b'9', b'.', b'0'..=b'9']) => {
            return Err(Refusal {
                status: 505,
                why: "this server speaks HTTP/1.1 and HTTP/1.0",
            });
        }
        _ => return Err(bad("the version is not one of HTTP, such as HTTP/1.1")),
    };
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let (method, path, query) = (method.to_owned(), path.to_owned(), query.to_owned());
    Ok(Request {
        method,
        path,
        query,
        is_1_1,
        keep_alive: false,
    })
}

/// Reads a line such as `Host: localhost`; the name is returned in small letters.
fn header(line: &[u8]) -> Result<(String, String), Refusal> {
    // What is neither a tab nor printable may mean one thing here and another one elsewhere.
    if line
        .iter()
        .any(|byte| byte.is_ascii_control() && *byte != b'\t')
    {
        return Err(bad("a header has a control character"));
    }
    // Old clients send letters here that are not UTF-8. No header that is read has any.
    let line = String::from_utf8_lossy(line);
    match line.split_once(':') {
        Some((name, value)) if is_token(name) => {
            Ok((name.to_ascii_lowercase(), value.trim().to_owned()))
        }
        _ => Err(bad(
            "a header is not a name, a colon and a value, such as: Host: localhost",
        )),
    }
}

/// Returns whether this can be a method or a header's name (RFC 9110, section 5.6.2).
fn is_token(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_allowed)
}
