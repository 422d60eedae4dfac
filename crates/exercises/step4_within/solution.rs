// Hint: the task that sleeps cancels the one that receives. When the one that receives has ended,
// for whatever reason, cancel the one that sleeps.

use std::io;
use std::rc::Rc;
use std::time::Duration;

use step4_select::{Co, Socket};

/// Waits for a datagram, for `limit` at most. `None` if none has come in time.
async fn recv_within(co: &Co, socket: &Rc<Socket>, limit: Duration) -> io::Result<Option<Vec<u8>>> {
    let socket = Rc::clone(socket);
    let receive = async move |co: Co| {
        let mut buffer = [0; 1_024];
        let (length, _) = socket.recv_from(&co, &mut buffer).await?;
        Ok(buffer[..length].to_vec())
    };
    let receiver = co.spawn(receive).await;
    let id = receiver.id();
    let watchdog = co.spawn(async move |co| {
        co.sleep(limit).await;
        co.cancel(id).await;
    });
    let watchdog = watchdog.await;

    let received = receiver.join(co).await;
    watchdog.cancel(co).await;
    received.transpose()
}
