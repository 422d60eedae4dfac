// Exercise: a client that takes only the answer to what it has asked.
//
// The server answers "x" with "answer to x". An answer that is late is taken for the answer to the
// next request. Let `ask` keep waiting if another answer comes. Its limit is for the whole try, and
// must not begin anew with each answer.

use std::time::Duration;

use step8_fast_executor::timeout;
use step9_simulation::UdpSocket;

const LIMIT: Duration = Duration::from_millis(400);
const TRIES: u32 = 3;

/// Asks the server that the socket is connected to; `None` if no answer comes in time.
async fn ask(socket: &UdpSocket, request: &str) -> Option<String> {
    for _ in 0..TRIES {
        socket.send(request.as_bytes()).await.ok()?;
        if let Ok(answer) = timeout(LIMIT, receive(socket)).await {
            return answer;
        }
    }
    None
}

async fn receive(socket: &UdpSocket) -> Option<String> {
    let mut buffer = [0; 64];
    let length = socket.recv(&mut buffer).await.ok()?;
    Some(String::from_utf8_lossy(&buffer[..length]).into_owned())
}
