//! What may be lost when a future is dropped? What it has taken already, and kept in its own
//! variables.
//!
//! Messages come over a connection: a byte that says how many letters there are, and then the
//! letters. These are late, and the receiver is impatient. The length is lost with the first try,
//! and the second try takes a letter for it.
//!
//! `cargo run -p book --example lost_bytes`

use std::io;
use std::time::Duration;

use step5_executor::net::{TcpListener, TcpStream};
use step5_executor::{block_on, sleep, spawn, timeout};

const SECOND: Duration = Duration::from_secs(1);

/// Waits for a message.
async fn message(stream: &TcpStream) -> io::Result<String> {
    let mut length = [0];
    stream.read(&mut length).await?;
    let letters = read(stream, length[0].into()).await?;
    Ok(format!(
        "{:?} of {} letters",
        String::from_utf8_lossy(&letters),
        length[0]
    ))
}

/// Reads as many bytes, or fewer if the connection ends first.
async fn read(stream: &TcpStream, count: usize) -> io::Result<Vec<u8>> {
    let (mut bytes, mut received) = (vec![0; count], 0);
    while received < count {
        match stream.read(&mut bytes[received..]).await? {
            0 => break,
            more => received += more,
        }
    }
    bytes.truncate(received);
    Ok(bytes)
}

/// Waits for a message, and says every second that it still does.
async fn impatient(stream: &TcpStream) -> io::Result<String> {
    loop {
        match timeout(SECOND, message(stream)).await {
            Ok(message) => return message,
            Err(_) => println!("still waiting"),
        }
    }
}

/// Sends a message, but takes its time between the length and the letters.
async fn send(stream: &TcpStream) -> io::Result<()> {
    stream.write_all(&[5]).await?;
    sleep(3 * SECOND / 2).await;
    stream.write_all(b"hello").await
}

fn main() -> io::Result<()> {
    block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0".parse().unwrap())?;
        let address = listener.local_addr()?;
        let sender = spawn(async move { send(&TcpStream::connect(address).await?).await });
        let (stream, _) = listener.accept().await?;
        println!("{}", impatient(&stream).await?);
        sender.await.map_err(io::Error::other)?
    })
}
