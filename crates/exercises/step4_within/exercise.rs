// Exercise: this socket, but at most for so long.
//
// There is no request for that. But there are tasks, and one may cancel another. Spawn one that
// receives, and one that sleeps and then cancels the first. Then join the first, and make sure that
// neither is left over, whichever was faster.

use std::io;
use std::rc::Rc;
use std::time::Duration;

use step4_select::{Co, Socket};

/// Waits for a datagram, for `limit` at most. `None` if none has come in time.
async fn recv_within(
    co: &Co,
    socket: &Rc<Socket>,
    _limit: Duration,
) -> io::Result<Option<Vec<u8>>> {
    let mut buffer = [0; 1_024];
    let (length, _) = socket.recv_from(co, &mut buffer).await?;
    Ok(Some(buffer[..length].to_vec()))
}
