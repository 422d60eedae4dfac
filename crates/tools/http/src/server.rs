//! The tasks of a server: one accepts connections, and each connection has one that serves it.

use std::convert::Infallible;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Shutdown, SocketAddr};
use std::rc::Rc;

use step5_executor::net::{TcpListener, TcpStream};
use step5_executor::{sleep, spawn, timeout};

use crate::input::{Input, Next};
use crate::{Answered, Limits, Live, Refusal, Request, Responder};

/// How many connections beyond [`Limits::connections`] are told that there are too many. Further
/// ones are just closed.
const REFUSED_AT_ONCE: usize = 16;

/// How much of what a client still sends is read, so that it can read the last answer.
const LINGER_BYTES: usize = 256 * 1024;

/// A server that listens.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    limits: Limits,
    live: Live,
}

impl Server {
    /// Listens at an address; port 0 means any that is free.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is not of this machine or in use, or if no descriptor is
    /// left.
    pub fn bind(address: SocketAddr, limits: Limits) -> io::Result<Server> {
        Ok(Server {
            listener: TcpListener::bind(address)?,
            limits,
            live: Live::default(),
        })
    }

    /// Listens at a port of this machine, which cannot be reached from others; port 0 means any
    /// that is free.
    ///
    /// # Errors
    ///
    /// Returns an error if the port cannot be used, which says what to do, or if no descriptor is
    /// left.
    pub fn local(port: u16, limits: Limits) -> io::Result<Server> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Server::bind(address, limits).map_err(|error| {
            let advice = match error.kind() {
                ErrorKind::AddrInUse => "; stop the program that uses it, or give another port",
                ErrorKind::PermissionDenied => "; give a port from 1024 on",
                _ => "",
            };
            let message = format!("cannot listen at {address}: {error}{advice}");
            io::Error::new(error.kind(), message)
        })
    }

    /// Returns the address that it listens at.
    ///
    /// # Errors
    ///
    /// Returns an error if the system cannot tell.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Returns the count of its connections, which is kept up to date.
    pub fn live(&self) -> Live {
        self.live.clone()
    }

    /// Serves forever. The handler answers one request; its error ends the connection, and nothing
    /// else.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped, no more connections are accepted; those that are there are still served.
    pub async fn run<H>(self, handler: H) -> Infallible
    where
        H: AsyncFn(Request, Responder<'_>) -> io::Result<Answered> + 'static,
    {
        let Server {
            listener,
            limits,
            live,
        } = self;
        let handler = Rc::new(handler);
        // Counted apart, so that a client that is refused does not take another's place.
        let served = Live::default();
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                // Most likely no descriptor is left. It would fail again at once, so wait until
                // other connections have ended.
                sleep(limits.accept_pause).await;
                continue;
            };
            let guard = live.enter();
            if served.count() < limits.connections {
                let guard = (guard, served.enter());
                let handler = handler.clone();
                drop(spawn(async move {
                    let _guard = guard;
                    // An error means that the client has left or is stuck.
                    _ = serve(&stream, &limits, &*handler).await;
                }));
            } else if live.count() <= served.count() + REFUSED_AT_ONCE {
                drop(spawn(async move {
                    let _guard = guard;
                    _ = refuse(&stream, &limits, TOO_MANY).await;
                }));
            }
        }
    }
}

const TOO_MANY: Refusal = Refusal {
    status: 503,
    why: "too many are here already, so try again in a moment",
};

/// Serves a connection until either side ends it.
async fn serve<H>(stream: &TcpStream, limits: &Limits, handler: &H) -> io::Result<()>
where
    H: AsyncFn(Request, Responder<'_>) -> io::Result<Answered>,
{
    let mut input = Input::new(limits);
    loop {
        let request = match input.next(stream, limits).await {
            Next::Request(request) => request,
            Next::Refused(refusal) => return refuse(stream, limits, refusal).await,
            Next::Nothing => return Ok(()),
        };
        let responder = Responder::new(stream, limits, &request);
        if !handler(request, responder).await?.keep_alive {
            return linger(stream, limits).await;
        }
    }
}

/// Refuses, and closes the connection.
async fn refuse(stream: &TcpStream, limits: &Limits, refusal: Refusal) -> io::Result<()> {
    Responder::without_request(stream, limits)
        .send(refusal)
        .await?;
    linger(stream, limits).await
}

/// Waits until the client has closed its end too, or a time has passed.
///
/// If the connection were closed while bytes from the client are unread or on their way, the system
/// would report an error to the client, which might never see the answer.
async fn linger(stream: &TcpStream, limits: &Limits) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    let ignore = async {
        let (mut buffer, mut ignored) = ([0; 512], 0);
        while ignored < LINGER_BYTES {
            match stream.read(&mut buffer).await? {
                0 => break,
                length => ignored += length,
            }
        }
        Ok(())
    };
    timeout(limits.linger_time, ignore).await.unwrap_or(Ok(()))
}
