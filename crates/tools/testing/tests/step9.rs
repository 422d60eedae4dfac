//! The suite of UDP, on step 9's simulated network.
#![allow(dead_code, reason = "the suites' support is for all of them")]

mod suites {
    mod support;
    mod udp;
}

use executor::Executor;

/// Makes the executor that it is to run on.
const EXECUTORS: &[fn() -> Executor] = &[|| Executor::with_virtual_time().unwrap()];

/// Step 8, but for the sockets of UDP.
mod executor {
    pub(crate) use step8_fast_executor::{Executor, JoinHandle, spawn, timeout, yield_now};

    pub(crate) mod net {
        use std::io;
        use std::net::SocketAddr;
        use std::ops::Deref;

        pub(crate) use step8_fast_executor::net::{TcpListener, TcpStream};
        use step9_simulation::Network;

        thread_local! {
            static NETWORK: Network = Network::new(1);
        }

        #[derive(Debug)]
        pub(crate) struct UdpSocket(step9_simulation::UdpSocket);

        impl UdpSocket {
            pub(crate) fn bind(address: SocketAddr) -> io::Result<UdpSocket> {
                NETWORK.with(|network| network.bind(address)).map(UdpSocket)
            }
        }

        impl Deref for UdpSocket {
            type Target = step9_simulation::UdpSocket;

            fn deref(&self) -> &step9_simulation::UdpSocket {
                &self.0
            }
        }
    }
}
