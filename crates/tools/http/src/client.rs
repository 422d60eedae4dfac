//! The client: how one program asks another.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use step5_executor::net::TcpStream;
use step6_toolbox::AsyncRead;

use crate::Refusal;
use crate::head::{HeadReader, is_http_1, number, refuse};

/// Asks a server for a path, and returns the status and the body of its answer, of at most `max`
/// bytes.
///
/// It has no time limit of its own: put it into a [`timeout`](step5_executor::timeout).
///
/// # Errors
///
/// Returns an error if the server cannot be reached, breaks off, does not speak HTTP, or says too
/// much.
///
/// # Cancel safety
///
/// If it is dropped before it is ready, the connection is closed, and the server may or may not
/// have acted.
pub async fn get(server: SocketAddr, path: &str, max: usize) -> io::Result<(u16, Vec<u8>)> {
    let stream = TcpStream::connect(server).await?;
    // To HTTP/1.0 a server may not answer in chunks.
    let request = format!("GET {path} HTTP/1.0\r\nHost: {server}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let answer = read_answer(&stream, max).await;
    answer.map_err(|refusal| io::Error::new(ErrorKind::InvalidData, refusal.why))
}

/// Reads the status and the body of an answer.
///
/// # Errors
///
/// Returns an error if the answer is not HTTP, not complete, or too long. The status in that error
/// means nothing.
///
/// # Cancel safety
///
/// If it is dropped before it is ready, the bytes that have come are lost.
pub async fn read_answer<R: AsyncRead>(source: R, max: usize) -> Result<(u16, Vec<u8>), Refusal> {
    let mut head = HeadReader::new(source);
    loop {
        let Some(status) = status(&head.line().await?) else {
            return refuse(400, "the answer is not HTTP");
        };
        let headers = head.headers().await?;
        if (100..200).contains(&status) {
            // This is not the answer yet.
            continue;
        }
        let length = headers.length()?;
        if length.is_some_and(|length| length > max) {
            return refuse(400, "the answer is too long");
        }
        return match head.body(length, max).await {
            Ok(body) => Ok((status, body)),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                refuse(400, "the answer is not as long as it says")
            }
            Err(_) => refuse(400, "the answer is too long, or breaks off"),
        };
    }
}

/// Reads a line such as `HTTP/1.1 200 OK`.
fn status(line: &str) -> Option<u16> {
    let (version, rest) = line.split_once(' ')?;
    let code = rest.split(' ').next().filter(|code| code.len() == 3)?;
    let status = number(code).filter(|status| is_http_1(version) && *status >= 100)?;
    u16::try_from(status).ok()
}
