//! A datagram goes to a server and back, next to sockets on which nothing comes.
//!
//! Client and server are two tasks (or threads) of one program, each with a socket of its own. A
//! datagram holds the number of its round trip. The first round trip is not measured: while it is
//! under way, the idle sockets get their waiters. The idle sockets have the lower descriptors, so
//! `select` has to look past them.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use step4_select::{Co, Socket};

use super::{Contender, Timed, Who};

const LOCAL: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0));

/// How long a run may take at most: a datagram may be lost.
const LIMIT: Duration = Duration::from_secs(60);

/// Returns the steps that have sockets.
pub(super) fn contenders(idle: usize) -> Vec<Contender> {
    vec![
        Contender::new(Who::Step(4), move |round_trips| on_step4(idle, round_trips)),
        Contender::new(Who::Step(5), move |round_trips| on_step5(idle, round_trips)),
        #[cfg(target_os = "linux")]
        Contender::new(Who::Step(7), move |round_trips| on_step7(idle, round_trips)),
        Contender::new(Who::Step(8), move |round_trips| on_step8(idle, round_trips)),
    ]
}

fn timed_out() -> io::Error {
    let message = format!("the round trips were not over within {LIMIT:?}");
    io::Error::new(io::ErrorKind::TimedOut, message)
}

/// Makes sockets on which nothing will come.
fn bind_idle<S>(count: usize, bind: fn(SocketAddr) -> io::Result<S>) -> io::Result<Vec<S>> {
    // The same number on Linux and on macOS; `ErrorKind` has no name for it.
    const TOO_MANY_OPEN_FILES: i32 = 24;
    let sockets: io::Result<_> = (0..count).map(|_| bind(LOCAL)).collect();
    sockets.map_err(|error| match error.raw_os_error() {
        Some(TOO_MANY_OPEN_FILES) => {
            let message = format!(
                "{count} idle sockets are more files than may be open: say `ulimit -n 1024` first"
            );
            io::Error::new(error.kind(), message)
        }
        _ => error,
    })
}

/// Two threads, each of which blocks until the other's datagram comes.
pub(super) fn on_threads(round_trips: u64) -> io::Result<Timed> {
    let (client, server) = (UdpSocket::bind(LOCAL)?, UdpSocket::bind(LOCAL)?);
    let address = server.local_addr()?;
    for socket in [&client, &server] {
        socket.set_read_timeout(Some(LIMIT))?;
    }
    thread::scope(|scope| {
        let echo = thread::Builder::new().spawn_scoped(scope, || echo_blocking(&server))?;
        let timed = ask_blocking(&client, address, round_trips);
        // An empty datagram ends the server.
        client.send_to(&[], address)?;
        echo.join().expect("the server does not panic")?;
        timed
    })
}

fn echo_blocking(socket: &UdpSocket) -> io::Result<()> {
    let mut datagram = [0; 8];
    loop {
        let (length, from) = receive_blocking(socket, &mut datagram)?;
        if length == 0 {
            return Ok(());
        }
        socket.send_to(&datagram[..length], from)?;
    }
}

fn ask_blocking(socket: &UdpSocket, server: SocketAddr, round_trips: u64) -> io::Result<Timed> {
    let mut answer = [0; 8];
    let (mut start, mut done) = (Instant::now(), 0);
    for number in 0..=round_trips {
        socket.send_to(&number.to_le_bytes(), server)?;
        receive_blocking(socket, &mut answer)?;
        match number {
            0 => start = Instant::now(),
            _ => done += u64::from(u64::from_le_bytes(answer) == number),
        }
    }
    Ok(Timed {
        done,
        elapsed: start.elapsed(),
    })
}

/// Receives a datagram within the socket's time limit.
fn receive_blocking(socket: &UdpSocket, datagram: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
    loop {
        match socket.recv_from(datagram) {
            // Ctrl-Z and `fg` end a wait that has a limit: ask again.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Err(timed_out()),
            received => return received,
        }
    }
}

/// Generators on step 4's scheduler.
fn on_step4(idle: usize, round_trips: u64) -> io::Result<Timed> {
    let idle = bind_idle(idle, Socket::bind)?;
    let (client, server) = (Socket::bind(LOCAL)?, Socket::bind(LOCAL)?);
    let address = server.local_addr()?;
    let ran = step4_select::Scheduler::new()?.run(async move |co| {
        let mut others = Vec::new();
        for socket in idle {
            let idler = co.spawn(async move |co| socket.recv_from(&co, &mut [0; 8]).await);
            others.push(idler.await.id());
        }
        let server = co.spawn(async move |co| echo_on_step4(&co, server).await);
        others.push(server.await.id());
        let client =
            co.spawn(async move |co| ask_on_step4(&co, client, address, round_trips).await);
        let client = client.await;
        let asking = client.id();
        let watchdog = co.spawn(async move |co| {
            co.sleep(LIMIT).await;
            co.cancel(asking).await;
        });
        others.push(watchdog.await.id());

        let timed = client.join(&co).await;
        for task in others {
            co.cancel(task).await;
        }
        timed.ok_or_else(timed_out)?
    });
    ran.map_err(io::Error::other)?
}

async fn echo_on_step4(co: &Co, socket: Socket) -> io::Result<()> {
    let mut datagram = [0; 8];
    loop {
        let (length, from) = socket.recv_from(co, &mut datagram).await?;
        socket.send_to(co, &datagram[..length], from).await?;
    }
}

async fn ask_on_step4(
    co: &Co,
    socket: Socket,
    server: SocketAddr,
    round_trips: u64,
) -> io::Result<Timed> {
    let mut answer = [0; 8];
    let (mut start, mut done) = (Instant::now(), 0);
    for number in 0..=round_trips {
        socket.send_to(co, &number.to_le_bytes(), server).await?;
        socket.recv_from(co, &mut answer).await?;
        match number {
            0 => start = Instant::now(),
            _ => done += u64::from(u64::from_le_bytes(answer) == number),
        }
    }
    Ok(Timed {
        done,
        elapsed: start.elapsed(),
    })
}

/// Futures on step 5's executor, with the selector of step 4.
fn on_step5(idle: usize, round_trips: u64) -> io::Result<Timed> {
    on_executor5(&step5_executor::Executor::new()?, idle, round_trips)
}

/// Futures on step 5's executor, with the selector of step 7.
#[cfg(target_os = "linux")]
fn on_step7(idle: usize, round_trips: u64) -> io::Result<Timed> {
    let executor = step5_executor::Executor::with_selector(step7_epoll::Epoll::new()?)?;
    on_executor5(&executor, idle, round_trips)
}

/// Futures on step 8's executor, with its own selector.
fn on_step8(idle: usize, round_trips: u64) -> io::Result<Timed> {
    on_executor8(&step8_fast_executor::Executor::new()?, idle, round_trips)
}

/// The executors of steps 5 and 8 have the same public names.
macro_rules! round_trips_with {
    ($name:ident, $executor:ident) => {
        fn $name(
            executor: &$executor::Executor,
            idle: usize,
            round_trips: u64,
        ) -> io::Result<Timed> {
            use $executor::{net::UdpSocket, spawn, timeout};

            async fn echo(socket: UdpSocket) -> io::Result<()> {
                let mut datagram = [0; 8];
                loop {
                    let (length, from) = socket.recv_from(&mut datagram).await?;
                    socket.send_to(&datagram[..length], from).await?;
                }
            }

            async fn ask(
                socket: UdpSocket,
                server: SocketAddr,
                round_trips: u64,
            ) -> io::Result<Timed> {
                let mut answer = [0; 8];
                let (mut start, mut done) = (Instant::now(), 0);
                for number in 0..=round_trips {
                    socket.send_to(&number.to_le_bytes(), server).await?;
                    socket.recv_from(&mut answer).await?;
                    match number {
                        0 => start = Instant::now(),
                        _ => done += u64::from(u64::from_le_bytes(answer) == number),
                    }
                }
                Ok(Timed {
                    done,
                    elapsed: start.elapsed(),
                })
            }

            for socket in bind_idle(idle, UdpSocket::bind)? {
                drop(executor.spawn(async move { socket.recv_from(&mut [0; 8]).await }));
            }
            let (client, server) = (UdpSocket::bind(LOCAL)?, UdpSocket::bind(LOCAL)?);
            let address = server.local_addr()?;
            executor.block_on(async {
                drop(spawn(echo(server)));
                let client = spawn(ask(client, address, round_trips));
                let timed = timeout(LIMIT, client).await.map_err(|_| timed_out())?;
                timed.expect("the client is not aborted")
            })
        }
    };
}

round_trips_with!(on_executor5, step5_executor);
round_trips_with!(on_executor8, step8_fast_executor);
