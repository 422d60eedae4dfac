//! What a client asks for.

use step6_toolbox::AsyncRead;

use crate::Refusal;
use crate::head::{HeadReader, is_http_1, is_token, refuse};

/// What a client asks for, with `GET`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The part before the `?`. It begins with `/`.
    pub path: String,
    /// The part after the `?`, or empty if there is none.
    pub query: String,
}

/// Reads a request.
///
/// # Errors
///
/// Returns an error if it is not HTTP, or more of HTTP than this server speaks.
///
/// # Cancel safety
///
/// If it is dropped before it is ready, the bytes that have come are lost.
pub async fn read_request<R: AsyncRead>(source: R) -> Result<Request, Refusal> {
    let mut head = HeadReader::new(source);
    let mut line = head.line().await?;
    if line.is_empty() {
        // Some clients send an empty line first.
        line = head.line().await?;
    }
    let words: Vec<_> = line.split(' ').collect();
    let [method, target, version] = words[..] else {
        return refuse(400, "the first line is not such as: GET / HTTP/1.1");
    };
    if !is_token(method) {
        return refuse(400, "the method is not a word");
    }
    if !is_http_1(version) {
        return match version.as_bytes() {
            [b'H', b'T', b'T', b'P', b'/', b'0'..=b'9', ..] => {
                refuse(505, "this server speaks HTTP/1.1")
            }
            _ => refuse(400, "the version is not such as HTTP/1.1"),
        };
    }

    let headers = head.headers().await?;
    match headers.get("host")? {
        None if version != "HTTP/1.0" => return refuse(400, "HTTP/1.1 asks for a Host header"),
        Some(host) if !is_host(host) => return refuse(400, "the Host is not a name or address"),
        _ => {}
    }
    if method != "GET" {
        return refuse(405, "only GET is understood here");
    }
    if headers.length()?.is_some_and(|length| length > 0) {
        return refuse(413, "a request has no body here");
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let path = absolute(path);
    if !path.starts_with('/') || !target.bytes().all(|byte| byte.is_ascii_graphic()) {
        return refuse(400, "the path does not begin with a slash, or is not plain");
    }
    let (path, query) = (path.to_owned(), query.to_owned());
    Ok(Request { path, query })
}

/// Returns the path of a target, which may have a scheme and a host, as in `http://localhost/path`.
fn absolute(target: &str) -> &str {
    match target.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("http://") => {
            let host = target[7..].split('/').next().unwrap_or_default();
            let path = &target[7 + host.len()..];
            if path.is_empty() { "/" } else { path }
        }
        _ => target,
    }
}

/// Returns whether all bytes may be in a host or a port (RFC 3986, section 3.2.2).
fn is_host(text: &str) -> bool {
    let is_allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=%[]:".contains(&byte);
    text.bytes().all(is_allowed)
}
