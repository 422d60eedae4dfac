//! Many sockets, each with a datagram: nothing that `epoll` could leave out.
//!
//! A task waits on each. Another one sends a datagram to each, and then waits for the last of the
//! tasks to say that all have come.

use std::cell::Cell;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Instant;

use step4_select::{Co, Socket};

use super::sockets::{LIMIT, LOCAL, bind, timed_out};
use crate::steps::{Futures, Udp};
use crate::workload::{Contender, Count, Section, Timed, Workload};

/// About as many as `select` has room for.
const SOCKETS: u64 = 1_000;

pub(super) fn workload() -> Workload {
    Workload {
        name: "one of 1,000 datagrams on 1,000 sockets".into(),
        section: Section::Sockets,
        batch: SOCKETS,
        count: Some(Count::SystemCalls),
        growth: None,
        is_charted: true,
        contenders: vec![
            Contender::new("step 4", on_step4),
            Contender::new("step 5", |datagrams| {
                on_futures(&step5_executor::Executor::new()?, datagrams)
            }),
            #[cfg(target_os = "linux")]
            Contender::new("step 7", |datagrams| {
                let epoll = step7_epoll::Epoll::new()?;
                let executor = step5_executor::Executor::with_selector(epoll)?;
                on_futures(&executor, datagrams)
            }),
            Contender::new("step 8", |datagrams| {
                on_futures(&step8_fast_executor::Executor::new()?, datagrams)
            }),
        ],
    }
}

fn on_step4(datagrams: u64) -> io::Result<Timed> {
    let sockets = bind(SOCKETS, Socket::bind)?;
    let sender = Socket::bind(LOCAL)?;
    let ran = step4_select::Scheduler::new()?.run(async move |co| {
        let home = sender.local_addr()?;
        let (mut addresses, mut tasks) = (Vec::new(), Vec::new());
        let done = Rc::new(Cell::new(0));
        for socket in sockets {
            addresses.push(socket.local_addr()?);
            let done = Rc::clone(&done);
            let receiver =
                co.spawn(async move |co| receive_on_step4(&co, socket, home, done).await);
            tasks.push(receiver.await.id());
        }
        let sending = co.spawn({
            let done = Rc::clone(&done);
            async move |co| {
                let start = Instant::now();
                while done.get() < datagrams {
                    for &address in &addresses {
                        sender.send_to(&co, &[1; 8], address).await?;
                    }
                    sender.recv_from(&co, &mut [0; 8]).await?;
                }
                let elapsed = start.elapsed();
                let done = done.get();
                io::Result::Ok(Timed { done, elapsed })
            }
        });
        let sending = sending.await;
        let sending_id = sending.id();
        let watchdog = co.spawn(async move |co| {
            co.sleep(LIMIT).await;
            co.cancel(sending_id).await;
        });
        tasks.push(watchdog.await.id());
        let timed = sending.join(&co).await;
        for task in tasks {
            co.cancel(task).await;
        }
        timed.ok_or_else(timed_out)?
    });
    ran.map_err(io::Error::other)?
}

async fn receive_on_step4(
    co: &Co,
    socket: Socket,
    home: SocketAddr,
    done: Rc<Cell<u64>>,
) -> io::Result<()> {
    loop {
        socket.recv_from(co, &mut [0; 8]).await?;
        done.set(done.get() + 1);
        if done.get().is_multiple_of(SOCKETS) {
            socket.send_to(co, &[], home).await?;
        }
    }
}

fn on_futures<E: Futures>(executor: &E, datagrams: u64) -> io::Result<Timed> {
    let sockets = bind(SOCKETS, E::Udp::bind)?;
    let sender = E::Udp::bind(LOCAL)?;
    executor.block_on(async {
        let home = sender.local_addr()?;
        let mut addresses = Vec::new();
        let done = Rc::new(Cell::new(0));
        for socket in sockets {
            addresses.push(socket.local_addr()?);
            drop(E::spawn(receive(socket, home, Rc::clone(&done))));
        }
        let sending = async {
            let start = Instant::now();
            while done.get() < datagrams {
                for &address in &addresses {
                    sender.send_to(&[1; 8], address).await?;
                }
                sender.recv_from(&mut [0; 8]).await?;
            }
            let elapsed = start.elapsed();
            let done = done.get();
            Ok(Timed { done, elapsed })
        };
        E::timeout(LIMIT, sending).await.map_err(|_| timed_out())?
    })
}

async fn receive(socket: impl Udp, home: SocketAddr, done: Rc<Cell<u64>>) -> io::Result<()> {
    loop {
        socket.recv_from(&mut [0; 8]).await?;
        done.set(done.get() + 1);
        if done.get().is_multiple_of(SOCKETS) {
            socket.send_to(&[], home).await?;
        }
    }
}
