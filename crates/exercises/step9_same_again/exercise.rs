// Exercise: a run that is a different one each time.
//
// A chat room greets its members. All chance comes from a seed, and yet two runs differ. Find out
// why, and make the same seed the same run again. What the members hear must not change.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;

use step9_simulation::UdpSocket;

/// The members of a chat room, by name.
#[derive(Default)]
struct Room {
    members: HashMap<String, SocketAddr>,
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
