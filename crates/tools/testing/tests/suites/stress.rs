//! Threads wake, drop wakers and abort, while tasks end, abort each other, are detached and
//! respawned, all at random: is a wake-up lost, or a task?
//!
//! `OPERATIONS` in the environment says how many operations the threads do in all, and `SEED` which
//! ones.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use testing::random::{Random, number};
use testing::watchdog::within_a_minute;
use trace::Event;

use crate::HEARS_WAKES_OF_THREADS;
use crate::executor::{AbortHandle, Executor, JoinHandle, spawn, yield_now};

const HOMES: usize = 16;
const THREADS: u64 = 3;

/// What the threads and the tasks share.
#[derive(Default)]
struct Board {
    homes: [Mutex<Home>; HOMES],
    /// The waker of the keeper of the tasks.
    keeper: Mutex<Option<Waker>>,
    is_called: AtomicBool,
    running: AtomicU64,
}

/// Where one task after the other lives.
#[derive(Default)]
struct Home {
    /// Which one it is: the task of an earlier life does nothing here any more.
    life: u64,
    /// Of the task's last poll.
    waker: Option<Waker>,
    abort: Option<AbortHandle>,
    /// How often a thread has asked for a poll, and which of these the task has seen.
    asked: u64,
    seen: u64,
}

impl Board {
    fn home(&self, home: usize) -> MutexGuard<'_, Home> {
        self.homes[home].lock().unwrap()
    }

    /// Calls the keeper of the tasks.
    fn call(&self) {
        self.is_called.store(true, SeqCst);
        let keeper = self.keeper.lock().unwrap().clone();
        keeper.into_iter().for_each(Waker::wake);
    }

    /// Waits to be called.
    async fn called(&self) {
        poll_fn(|cx| {
            *self.keeper.lock().unwrap() = Some(cx.waker().clone());
            if self.is_called.swap(false, SeqCst) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }
}

/// Tells of the end of a task, in whichever way it ends.
struct Life {
    board: Arc<Board>,
    home: usize,
    life: u64,
    alive: Rc<Cell<usize>>,
}

impl Drop for Life {
    fn drop(&mut self) {
        let mut home = self.board.home(self.home);
        if home.life == self.life {
            home.seen = home.asked;
            home.waker = None;
        }
        drop(home);
        self.alive.set(self.alive.get() - 1);
        self.board.call();
    }
}

/// A task: each poll sees what was asked, and may be the last one.
async fn live(life: Life, mut random: Random) {
    poll_fn(|cx| {
        let mut home = life.board.home(life.home);
        if home.life != life.life {
            return Poll::Ready(());
        }
        home.seen = home.asked;
        home.waker = Some(cx.waker().clone());
        match random.below(40) {
            0 => return Poll::Ready(()),
            1..5 => cx.waker().wake_by_ref(),
            5 if life.home > 0 => {
                let other = life.board.home(0).abort.clone();
                drop(home);
                other.iter().for_each(AbortHandle::abort);
            }
            _ => {}
        }
        Poll::Pending
    })
    .await;
}

/// Keeps all homes inhabited as long as a thread runs.
async fn keep(board: Arc<Board>, alive: Rc<Cell<usize>>, mut random: Random) {
    let mut tasks: Vec<Option<JoinHandle<()>>> = (0..HOMES).map(|_| None).collect();
    while board.running.load(SeqCst) > 0 {
        for (home, task) in tasks.iter_mut().enumerate() {
            match random.below(30) {
                0 => task.iter().for_each(JoinHandle::abort),
                1 => drop(task.take()),
                2 => yield_now().await,
                _ => {}
            }
            if task.as_ref().is_some_and(JoinHandle::is_finished) && random.below(2) == 0 {
                _ = task.take().unwrap().await;
            }
            if task.as_ref().is_none_or(JoinHandle::is_finished) {
                let life = inhabit(&board, home, &alive);
                let seed = random.below(usize::MAX) as u64;
                let new = spawn(live(life, Random::new(seed)));
                board.home(home).abort = Some(new.abort_handle());
                *task = Some(new);
            }
        }
        board.called().await;
    }
    // All that the threads have asked was in before they ended.
    for _ in 0..3 {
        yield_now().await;
    }
    for home in &board.homes {
        let home = home.lock().unwrap();
        assert_eq!(home.seen, home.asked, "a wake-up was lost");
    }
}

/// Begins another life in a home.
fn inhabit(board: &Arc<Board>, number: usize, alive: &Rc<Cell<usize>>) -> Life {
    let mut home = board.home(number);
    home.life += 1;
    home.seen = home.asked;
    // A task that is detached here is to find out.
    let before = home.waker.take();
    let life = Life {
        board: board.clone(),
        home: number,
        life: home.life,
        alive: alive.clone(),
    };
    drop(home);
    before.into_iter().for_each(Waker::wake);
    alive.set(alive.get() + 1);
    life
}

/// What a thread does: something else each time, to any of the tasks.
fn disturb(board: &Board, mut random: Random, operations: u64) {
    let (mut wakers, mut handles): (Vec<Waker>, Vec<AbortHandle>) = (vec![], vec![]);
    for _ in 0..operations {
        let number = random.below(HOMES);
        match random.below(16) {
            0..3 => ask(board, number, false),
            // When all threads wait for an answer, no later wake-up makes up for one that was lost.
            3..9 => ask(board, number, true),
            9 => drop(board.home(number).waker.take()),
            10 => {
                let waker = board.home(number).waker.clone();
                drop(vec![waker; 10]);
            }
            // Those that are kept are stale sooner or later.
            11 => wakers.extend(board.home(number).waker.clone()),
            12 => handles.extend(board.home(number).abort.clone()),
            13 if !wakers.is_empty() => wakers.swap_remove(random.below(wakers.len())).wake(),
            14 if !handles.is_empty() => handles.swap_remove(random.below(handles.len())).abort(),
            15 if random.below(4) == 0 => {
                let handle = board.home(number).abort.clone();
                handle.iter().for_each(AbortHandle::abort);
            }
            _ => board.call(),
        }
    }
}

/// Asks a task for a poll, and may wait until it has come.
fn ask(board: &Board, number: usize, waits: bool) {
    let mut home = board.home(number);
    let Some(waker) = home.waker.clone() else {
        return;
    };
    home.asked += 1;
    let asked = home.asked;
    drop(home);
    waker.wake();
    let start = Instant::now();
    while waits && board.home(number).seen < asked {
        let elapsed = start.elapsed();
        assert!(elapsed < Duration::from_secs(50), "a wake-up was lost");
        thread::yield_now();
    }
}

/// Checks that no task is polled that was not woken, and that each one ends once.
#[derive(Default)]
struct Checks {
    living: HashSet<u64>,
    ready: HashSet<u64>,
    spawned: u64,
    polls: u64,
}

impl Checks {
    fn hear(&mut self, event: Event) {
        match event {
            Event::Spawned { task, .. } => {
                assert!(self.living.insert(task));
                self.spawned += 1;
            }
            Event::Woken { task } => {
                let is_new = self.ready.insert(task);
                assert!(is_new, "{task} is in the ready queue twice");
            }
            Event::Resumed { task } => {
                let is_alive = self.living.contains(&task);
                assert!(is_alive, "{task} is polled after its end");
                let was_woken = self.ready.remove(&task) || !HEARS_WAKES_OF_THREADS;
                assert!(was_woken, "{task} is polled and was not woken");
                self.polls += 1;
            }
            Event::Finished { task } | Event::Cancelled { task } => {
                assert!(self.living.remove(&task), "{task} ends twice");
                self.ready.remove(&task);
            }
            _ => {}
        }
    }
}

/// Promise (wakers): No wake from another thread is lost, however the two threads interleave.
#[test]
fn no_wake_up_and_no_task_is_lost() {
    within_a_minute(|| {
        let (seed, operations) = (number("SEED", 1), number("OPERATIONS", 60_000));
        let mut random = Random::new(seed);
        let board = Arc::new(Board::default());
        board.running.store(THREADS, SeqCst);
        let threads = [(); THREADS as usize].map(|()| {
            /// Says that the thread is over, even if it panicked.
            struct Over(Arc<Board>);
            impl Drop for Over {
                fn drop(&mut self) {
                    self.0.running.fetch_sub(1, SeqCst);
                    self.0.call();
                }
            }
            let over = Over(board.clone());
            let random = Random::new(random.below(usize::MAX) as u64);
            thread::spawn(move || disturb(&over.0, random, operations / THREADS))
        });
        let checks = Rc::new(RefCell::new(Checks::default()));
        let hearing = checks.clone();
        let _listening = trace::listen(move |event| hearing.borrow_mut().hear(event));
        let executor = Executor::new().unwrap();
        let alive = Rc::new(Cell::new(0));
        executor.block_on(keep(board.clone(), alive.clone(), random));
        let again = format!("to run it again, set SEED={seed} OPERATIONS={operations}");
        for thread in threads {
            assert!(thread.join().is_ok(), "{again}");
        }
        drop(executor);
        assert_eq!(alive.get(), 0, "{again}");
        let checks = checks.take();
        assert!(
            checks.living.is_empty(),
            "tasks are left after their executor"
        );
        let (spawned, polls) = (checks.spawned, checks.polls);
        println!("{operations} operations of {THREADS} threads on {spawned} tasks: {polls} polls");
        assert!(spawned > operations / 1_000 && polls > operations / 100);
    });
}
