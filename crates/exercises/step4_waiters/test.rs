use super::{Selector, Waiters};

/// A socket at which datagrams come, and the selector that waits for it.
#[derive(Default)]
struct Kernel {
    datagrams: u32,
    is_armed: bool,
    arms: u32,
}

impl Selector for Kernel {
    fn arm(&mut self) {
        self.arms += 1;
        self.is_armed = true;
    }
}

impl Kernel {
    /// Returns whether there is an event, which disarms.
    fn reports(&mut self) -> bool {
        self.datagrams > 0 && std::mem::take(&mut self.is_armed)
    }
}

/// What came of serving some tasks.
#[derive(Debug, PartialEq, Eq)]
struct Served {
    /// The tasks that received a datagram, in order.
    tasks: Vec<usize>,
    /// How often a task tried to receive.
    tries: u32,
    arms: u32,
}

/// Lets so many tasks wait for a datagram each, which come in bursts.
fn serve(tasks: usize, bursts: &[u32]) -> Served {
    let (mut waiters, mut kernel) = (Waiters::default(), Kernel::default());
    for task in 0..tasks {
        waiters.wait(task, &mut kernel);
    }
    let (mut served, mut tries) = (Vec::new(), 0);
    for &burst in bursts {
        kernel.datagrams += burst;
        while kernel.reports() {
            for task in waiters.event(&mut kernel) {
                tries += 1;
                if kernel.datagrams > 0 {
                    kernel.datagrams -= 1;
                    served.push(task);
                } else {
                    waiters.wait(task, &mut kernel);
                }
            }
        }
    }
    let arms = kernel.arms;
    Served {
        tasks: served,
        tries,
        arms,
    }
}

#[test]
fn each_datagram_of_a_burst_finds_its_reader() {
    let tasks = serve(5, &[3]).tasks;
    assert_eq!(
        tasks,
        [0, 1, 2],
        "three datagrams at once are for the first three tasks"
    );
}

#[test]
fn first_come_first_served() {
    let tasks = serve(5, &[1, 1, 2, 1]).tasks;
    assert_eq!(
        tasks,
        [0, 1, 2, 3, 4],
        "tasks receive in the order in which they came"
    );
}

#[test]
fn one_try_a_datagram() {
    let served = serve(100, &[1; 100]);
    assert_eq!(
        served.tasks,
        Vec::from_iter(0..100),
        "each of 100 tasks receives a datagram"
    );
    assert_eq!(
        served.tries, 100,
        "100 datagrams take 100 tries: no task tries in vain"
    );
}

#[test]
fn the_last_waiter_asks_for_no_more_events() {
    let served = serve(2, &[5]);
    assert_eq!(served.tasks, [0, 1], "two tasks receive a datagram each");
    // Each task when it came, and one for the second.
    assert!(
        served.arms <= 2 + 1,
        "three times is enough, and it was armed {} times: no one waits after the last task",
        served.arms
    );
}
