//! How a program asks another one: it says what it wants, and reads to the end.

use std::io::{self, ErrorKind};
use std::net::{Shutdown, SocketAddr};

use step5_executor::net::TcpStream;

use crate::head_length;

/// Asks a server for a path, and returns the status and the body of its answer.
///
/// It speaks HTTP/1.0, in which the end of the answer is the end of the connection. It has no time
/// limit: put it into a [`timeout`](step5_executor::timeout). `max_bytes` is how long the whole
/// answer may be.
///
/// # Errors
///
/// Returns an error if the server cannot be reached, breaks off, does not speak HTTP, or says too
/// much.
///
/// # Cancel safety
///
/// If it is dropped before it is ready, the connection is closed, and whether the server has acted
/// is unknown.
pub async fn get(server: SocketAddr, path: &str, max_bytes: usize) -> io::Result<(u16, Vec<u8>)> {
    let stream = TcpStream::connect(server).await?;
    stream
        .write_all(format!("GET {path} HTTP/1.0\r\nHost: {server}\r\n\r\n").as_bytes())
        .await?;
    let mut bytes = Vec::new();
    loop {
        // Room for one byte more than is allowed, so that too much is noticed.
        let filled = bytes.len();
        bytes.resize((filled + 4096).min(max_bytes + 1), 0);
        let length = stream.read(&mut bytes[filled..]).await?;
        bytes.truncate(filled + length);
        match length {
            _ if bytes.len() > max_bytes => return Err(invalid("the answer is too long")),
            0 => break,
            _ => {}
        }
    }
    _ = stream.shutdown(Shutdown::Both);
    read_answer(bytes)
}

/// Takes an answer apart into its status and its body.
fn read_answer(mut bytes: Vec<u8>) -> io::Result<(u16, Vec<u8>)> {
    let length =
        head_length(&bytes).ok_or_else(|| invalid("the answer ends before its headers do"))?;
    let body = bytes.split_off(length);
    let head = String::from_utf8_lossy(&bytes);
    let mut lines = head.lines();
    let status = lines
        .next()
        .and_then(|line| line.strip_prefix("HTTP/1."))
        .and_then(|line| line.split(' ').nth(1));
    let status = status
        .and_then(|status| status.parse().ok())
        .ok_or_else(|| invalid("the answer is not HTTP"))?;
    let length = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    // Without the length there is no telling an end from a broken connection.
    if length.is_some_and(|(_, length)| length.trim().parse() != Ok(body.len())) {
        return Err(invalid("the answer is not as long as it says"));
    }
    Ok((status, body))
}

fn invalid(why: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, why)
}
