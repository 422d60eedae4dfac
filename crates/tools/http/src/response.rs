//! What an answer is: a status, a few headers, and a body.

use std::fmt::Write;

/// An answer whose body is complete.
#[derive(Clone, Debug)]
pub struct Response {
    /// Such as 200.
    pub status: u16,
    /// Such as `text/html`.
    pub content_type: &'static str,
    /// The body.
    pub body: Vec<u8>,
    /// Names and values of headers that are not in every answer.
    pub headers: Vec<(&'static str, String)>,
}

impl Response {
    /// Makes an answer of JSON.
    pub fn json(status: u16, body: impl Into<Vec<u8>>) -> Response {
        Response {
            status,
            content_type: "application/json",
            body: body.into(),
            headers: vec![],
        }
    }

    /// Makes an answer that says what went wrong, in JSON.
    ///
    /// The sentence is the program's and not the client's, so nothing in it has to be escaped.
    pub fn error(status: u16, why: &'static str) -> Response {
        debug_assert!(
            !why.contains(['"', '\\', '\n']),
            "{why:?} would have to be escaped"
        );
        Response::json(status, format!("{{\"error\": \"{why}\"}}\n"))
    }

    /// Makes an answer with a web page.
    pub fn page(body: &'static str) -> Response {
        Response {
            content_type: "text/html; charset=utf-8",
            ..Response::json(200, body)
        }
    }

    /// Adds a header.
    pub fn with_header(mut self, name: &'static str, value: impl ToString) -> Response {
        self.headers.push((name, value.to_string()));
        self
    }

    /// Makes the answer to a method that a path does not have.
    pub fn only_get() -> Response {
        Response::error(405, "only GET is understood here").with_header("Allow", "GET")
    }
}

/// Returns the head of an answer. `framing` is the header that says where the body ends; if it is
/// empty, the body ends with the connection.
pub(crate) fn head(response: &Response, framing: &str, keep_alive: bool) -> String {
    let mut head = format!(
        "HTTP/1.1 {} {}\r\n",
        response.status,
        reason(response.status)
    );
    let mut add = |name: &str, value: &str| {
        write!(head, "{name}: {value}\r\n").expect("a string takes all that is written to it");
    };
    add("Content-Type", response.content_type);
    for (name, value) in &response.headers {
        add(name, value);
    }
    if !keep_alive {
        add("Connection", "close");
    }
    head + framing + "\r\n"
}

/// Returns the words that go with a status (RFC 9110, section 15).
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        // The words may be left out; the space before them may not.
        _ => "",
    }
}
