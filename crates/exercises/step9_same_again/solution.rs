// Hint: in which order does a `HashMap` give its entries? Your seed has no say in it.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;

use step9_simulation::UdpSocket;

/// The members of a chat room, by name.
#[derive(Default)]
struct Room {
    members: BTreeMap<String, SocketAddr>,
}

impl Room {
    fn enter(&mut self, name: &str, address: SocketAddr) {
        self.members.insert(name.to_owned(), address);
    }

    /// Says hello to each member.
    async fn greet(&self, socket: &UdpSocket) -> io::Result<()> {
        for (name, address) in &self.members {
            let greeting = format!("hello, {name}");
            socket.send_to(greeting.as_bytes(), *address).await?;
        }
        Ok(())
    }
}
