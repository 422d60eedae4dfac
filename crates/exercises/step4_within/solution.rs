// Hint: the one that sleeps cancels the one that receives, and is cancelled itself.

use std::io;
use std::rc::Rc;
use std::time::Duration;

use step4_select::{Cancelled, Co, Generated, Sleep, Socket};

/// Waits for a datagram, for `limit` at most. `None` when none has come in time.
async fn recv_within(
    co: &Co,
    socket: &Rc<Socket>,
    limit: Duration,
) -> io::Result<Option<Vec<u8>>> {
    let receiver = {
        let socket = Rc::clone(socket);
        Generated::new(async move |co: &Co| {
            let mut buffer = [0; 1_024];
            let (length, _) = socket.recv_from(co, &mut buffer).await?;
            Ok(buffer[..length].to_vec())
        })
    };
    let receiver = co.spawn(receiver).await;
    let received = receiver.id();
    let watchdog = Generated::new(async move |co: &Co| {
        co.yield_(Sleep(limit)).await;
        co.cancel(received).await;
    });
    let watchdog = co.spawn(watchdog).await;

    let datagram = receiver.join(co).await;
    watchdog.cancel(co).await;
    match datagram {
        Ok(datagram) => datagram.map(Some),
        Err(Cancelled) => Ok(None),
    }
}
