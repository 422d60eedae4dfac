//! A program that `select` cannot run, and then what a round trip costs on either selector.

use std::convert::Infallible;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::thread;
use std::time::{Duration, Instant};

use step4_select::Select;
use step5_executor::net::UdpSocket;
use step5_executor::{Executor, spawn, timeout, yield_now};

use crate::{Epoll, raise_open_files_limit};

/// How many sockets the first program has: more than `select` has room for.
const SOCKETS: usize = 2_000;

/// How many idle sockets the last row of the table has.
const MOST_IDLE: usize = 10_000;

/// How long each of the three measurements of a cell takes.
const MEASUREMENT: Duration = Duration::from_millis(200);

const ANY: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// How long to wait for what should take no time. Beyond that, a datagram counts as lost.
const LIMIT: Duration = Duration::from_secs(10);

/// How many descriptors to leave to everything but the sockets that are counted.
const OTHERS: usize = 64;

/// How many sockets `select` has room for, with as many others.
const ROOM_OF_SELECT: usize = 1_024 - OTHERS;

#[derive(Clone, Copy)]
enum On {
    Select,
    Epoll,
}

impl On {
    /// All that changes between the two.
    fn executor(self) -> io::Result<Executor> {
        match self {
            On::Select => Executor::with_selector(Select::new()?),
            On::Epoll => Executor::with_selector(Epoll::new()?),
        }
    }
}

/// Runs a program with more sockets than `select` has room for on both selectors, and then prints
/// what a round trip costs next to idle sockets.
///
/// It first raises the limit of open files for the whole process. If that does not go far enough it
/// says so, and uses fewer sockets.
///
/// # Errors
///
/// Returns an error if the system lacks descriptors, or if a socket fails.
pub fn demo() -> io::Result<()> {
    let limit = raise_open_files_limit()? as usize;
    let most = limit.saturating_sub(OTHERS);
    if most < MOST_IDLE {
        println!(
            "Only {} open files are allowed (see `ulimit -Hn`), so there are fewer sockets here.\n",
            grouped(limit)
        );
    }
    wall(SOCKETS.min(most))?;
    println!();
    unheard(|| table(MOST_IDLE.min(most)))
}

/// Runs `f` on a thread of its own, where no listener hears what it does: listening would cost
/// time.
fn unheard<T: Send>(f: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let output = scope.spawn(f).join();
        output.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

// --- The wall, and the way past it ---

fn wall(sockets: usize) -> io::Result<()> {
    let title = format!("{} sockets, and a datagram for each", grouped(sockets));
    println!("{title}:");
    let run = |on: On| on.executor()?.block_on(one_datagram_each(sockets));
    match unheard(|| run(On::Select)) {
        Ok(received) => println!("  select  all {} have come", grouped(received)),
        // A clause a line, to stay within 80 columns.
        Err(error) => {
            let clauses = error.to_string().replace(": ", ":\n          ");
            println!("  select  {clauses}");
        }
    }
    trace::title(&title);
    println!("  epoll   all {} have come", grouped(run(On::Epoll)?));
    Ok(())
}

/// Lets a task wait on each of many sockets, sends them all a datagram, and returns how many have
/// come.
async fn one_datagram_each(sockets: usize) -> io::Result<usize> {
    let mut receivers = Vec::new();
    for _ in 0..sockets {
        let socket = UdpSocket::bind(ANY)?;
        let address = socket.local_addr()?;
        receivers.push((
            address,
            spawn(async move { socket.recv(&mut [0; 16]).await }),
        ));
    }
    // Then all of them wait.
    yield_now().await;
    let sender = UdpSocket::bind(ANY)?;
    for (address, _) in &receivers {
        sender.send_to(b"hello", *address).await?;
    }
    let mut received = 0;
    for (_, receiver) in receivers {
        let came = timeout(LIMIT, receiver)
            .await
            .map_err(|elapsed| io::Error::new(ErrorKind::TimedOut, elapsed))?;
        came.map_err(io::Error::other)??;
        received += 1;
    }
    Ok(received)
}

// --- What idle sockets cost ---

fn table(most_idle: usize) -> io::Result<()> {
    let mut rows = vec![0, 100, 900];
    rows.retain(|idle| *idle < most_idle);
    rows.push(most_idle);
    let cells: Vec<_> = rows
        .iter()
        .flat_map(|idle| [(On::Select, *idle), (On::Epoll, *idle)])
        .collect();

    println!("One UDP round trip, beside tasks that wait for idle sockets (median of 3):\n");
    println!("idle sockets   select, µs  ratio   epoll, µs  ratio");
    // All cells in turn, three times, and not each three times in a row, so that a disturbance hits
    // no cell alone.
    let mut measured = vec![Vec::new(); cells.len()];
    for _ in 0..3 {
        for ((on, idle), measured) in cells.iter().zip(&mut measured) {
            if matches!(on, On::Epoll) || *idle <= ROOM_OF_SELECT {
                measured.push(on.executor()?.block_on(measure(*idle))?);
            }
        }
    }
    let medians: Vec<_> = measured.into_iter().map(median).collect();
    for (idle, row) in rows.iter().zip(medians.chunks(2)) {
        let cell = |on: On| match (row[on as usize], medians[on as usize]) {
            (Some(here), Some(alone)) => format!("{here:10.1}  {:5.1}", here / alone),
            _ => format!("{:>10}  {:>5}", "-", "-"),
        };
        println!(
            "{:>12}   {}  {}",
            grouped(*idle),
            cell(On::Select),
            cell(On::Epoll)
        );
    }
    Ok(())
}

/// Measures a cell, and fails if a datagram is lost.
async fn measure(idle: usize) -> io::Result<f64> {
    let measured = timeout(MEASUREMENT + LIMIT, round_trip(idle)).await;
    measured.unwrap_or_else(|elapsed| Err(io::Error::new(ErrorKind::TimedOut, elapsed)))
}

/// Measures what a round trip between two tasks costs, in microseconds.
async fn round_trip(idle: usize) -> io::Result<f64> {
    for _ in 0..idle {
        let socket = UdpSocket::bind(ANY)?;
        drop(spawn(async move { socket.recv(&mut [0; 16]).await }));
    }
    let (here, there) = (UdpSocket::bind(ANY)?, UdpSocket::bind(ANY)?);
    here.connect(there.local_addr()?)?;
    there.connect(here.local_addr()?)?;
    drop(spawn(echo(there)));

    let mut buffer = [0; 16];
    let mut count = 0;
    let mut start = Instant::now();
    loop {
        here.send(b"ping").await?;
        here.recv(&mut buffer).await?;
        count += 1;
        // The first ones open the idle sockets, and warm up.
        if count == WARM_UP {
            start = Instant::now();
        } else if count > WARM_UP && start.elapsed() >= MEASUREMENT {
            return Ok(start.elapsed().as_secs_f64() * 1e6 / f64::from(count - WARM_UP));
        }
    }
}

const WARM_UP: u32 = 100;

/// Sends back what comes.
async fn echo(socket: UdpSocket) -> io::Result<Infallible> {
    let mut buffer = [0; 16];
    loop {
        let length = socket.recv(&mut buffer).await?;
        socket.send(&buffer[..length]).await?;
    }
}

/// Returns the middle one of three, or `None` of none.
fn median(mut measured: Vec<f64>) -> Option<f64> {
    measured.sort_by(f64::total_cmp);
    measured.get(measured.len() / 2).copied()
}

/// Writes a number with a comma before each group of three digits.
fn grouped(number: usize) -> String {
    match number / 1_000 {
        0 => number.to_string(),
        thousands => format!("{},{:03}", grouped(thousands), number % 1_000),
    }
}
