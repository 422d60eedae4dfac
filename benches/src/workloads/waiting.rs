//! What a task takes while it waits: each waits for the end of the one before, and the first for a
//! flag.

use std::cell::Cell;
use std::io;
use std::rc::Rc;
#[cfg(target_os = "linux")]
use std::{
    sync::{Arc, atomic::AtomicU64, atomic::Ordering, mpsc},
    thread,
};

#[cfg(target_os = "linux")]
use super::spawn_join::STACK;
use crate::asyncio;
use crate::steps::{Futures, Generators};
use crate::workload::{Contender, Count, Section, Workload};

/// Just below a power of two, so that tables that double have little room to spare.
pub const TASKS: u64 = 16_000;

pub(super) fn workload() -> Workload {
    Workload {
        name: "memory of a waiting task".into(),
        section: Section::Memory,
        batch: TASKS,
        count: Some(Count::Bytes),
        growth: None,
        is_charted: false,
        contenders: vec![
            Contender::weighed("step 2", on_generators::<step2_round_robin::Co>),
            Contender::weighed("step 3", on_generators::<step3_sleeping_heap::Co>),
            Contender::weighed("step 4", on_generators::<step4_select::Co>),
            Contender::weighed("step 5", on_futures::<step5_executor::Executor>),
            Contender::weighed("step 8", on_futures::<step8_fast_executor::Executor>),
            #[cfg(target_os = "linux")]
            Contender::weighed("threads", |threads, _| on_threads(threads)),
            asyncio::weighed("asyncio", "waiting"),
        ],
    }
}

fn on_generators<C: Generators>(tasks: u64, live: fn() -> usize) -> io::Result<u64> {
    C::run(async move |co| {
        let is_over = Rc::new(Cell::new(false));
        let before = live();
        let flag = Rc::clone(&is_over);
        let mut last = co
            .spawn(async move |co| {
                while !flag.get() {
                    co.turn().await;
                }
            })
            .await;
        for _ in 1..tasks {
            let previous = last;
            last = co.spawn(async move |co| _ = co.join(previous).await).await;
        }
        co.turn().await;
        let bytes = live() - before;
        is_over.set(true);
        co.join(last).await.expect("no task is cancelled");
        bytes as u64
    })
}

fn on_futures<E: Futures>(tasks: u64, live: fn() -> usize) -> io::Result<u64> {
    E::new()?.block_on(async {
        let is_over = Rc::new(Cell::new(false));
        let before = live();
        let flag = Rc::clone(&is_over);
        let mut last = E::spawn(async move {
            while !flag.get() {
                E::yield_now().await;
            }
        });
        for _ in 1..tasks {
            let previous = last;
            last = E::spawn(async move { _ = previous.await });
        }
        E::yield_now().await;
        let bytes = live() - before;
        is_over.set(true);
        last.await.expect("no task is aborted");
        Ok(bytes as u64)
    })
}

/// What is in memory of the process, which is not all: the kernel keeps a stack and more for each.
#[cfg(target_os = "linux")]
fn on_threads(threads: u64) -> io::Result<u64> {
    let before = resident()?;
    let (over, is_over) = mpsc::channel::<()>();
    let running = Arc::new(AtomicU64::new(0));
    let spawn = |wait: Box<dyn FnOnce() + Send>| {
        let running = Arc::clone(&running);
        let builder = thread::Builder::new().stack_size(STACK);
        builder.spawn(move || {
            running.fetch_add(1, Ordering::Relaxed);
            wait();
        })
    };
    let mut last = spawn(Box::new(move || _ = is_over.recv()))?;
    for _ in 1..threads {
        let previous = last;
        last = spawn(Box::new(move || _ = previous.join()))?;
    }
    while running.load(Ordering::Relaxed) < threads {
        thread::yield_now();
    }
    let bytes = resident()?.saturating_sub(before);
    drop(over);
    last.join().expect("waiting does not panic");
    Ok(bytes)
}

/// Returns how many bytes of this process are in memory.
#[cfg(target_os = "linux")]
fn resident() -> io::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    let kilobytes = kilobytes.ok_or_else(|| io::Error::other("/proc/self/status has no VmRSS"))?;
    Ok(kilobytes * 1_024)
}
