use std::collections::VecDeque;

use super::{Kernel, Selector};

/// A model of the kernel's set.
#[derive(Default)]
struct Model {
    asked_for: [bool; 2],
    state: [bool; 2],
    /// Changes that were not reported yet.
    changes: VecDeque<[bool; 2]>,
    controls: u32,
}

impl Kernel for Model {
    fn control(&mut self, asked_for: [bool; 2]) {
        self.controls += 1;
        self.asked_for = asked_for;
        self.change(self.state);
    }

    fn wait(&mut self) -> Option<[bool; 2]> {
        self.changes.pop_front()
    }
}

impl Model {
    /// A datagram has come, or was read.
    fn set_readable(&mut self, is_readable: bool) {
        self.state[0] = is_readable;
        self.change([is_readable, false]);
    }

    /// There is room, or none any more.
    fn set_writable(&mut self, is_writable: bool) {
        self.state[1] = is_writable;
        self.change([false, is_writable]);
    }

    fn change(&mut self, directions: [bool; 2]) {
        let reported = [0, 1].map(|direction| directions[direction] && self.asked_for[direction]);
        if reported != [false; 2] {
            self.changes.push_back(reported);
        }
    }
}

/// Returns a selector for a socket that can be written to.
fn selector() -> Selector<Model> {
    Selector::new(Model {
        state: [false, true],
        ..Model::default()
    })
}

#[test]
fn a_reader_is_not_woken_when_there_is_room() {
    let mut selector = selector();
    for _ in 0..10 {
        // A round trip: what is sent takes room, and then there is room again. An answer comes.
        selector.arm_for_reading();
        selector.kernel.set_writable(false);
        selector.kernel.set_writable(true);
        selector.kernel.set_readable(true);
        let answer = "[readable, writable]: an answer has come";
        assert_eq!(selector.wait(), Some([true, false]), "{answer}");
        selector.kernel.set_readable(false);
    }
    assert_eq!(
        selector.spurious, 0,
        "no wake-up is for room that no task waits for"
    );
    assert_eq!(selector.kernel.controls, 1, "one system call, to register");
}

#[test]
fn room_made_before_the_arming_is_reported() {
    let mut selector = selector();
    // A try to write was `WouldBlock`.
    selector.kernel.set_writable(false);
    selector.kernel.set_writable(true);
    selector.arm_for_writing();
    let room = "[readable, writable]: there was room again before the task began to wait";
    assert_eq!(selector.wait(), Some([false, true]), "{room}");
}

#[test]
fn writing_stays_asked_for() {
    let mut selector = selector();
    for _ in 0..10 {
        selector.kernel.set_writable(false);
        selector.arm_for_writing();
        selector.kernel.set_writable(true);
        let room = "[readable, writable]: there is room again";
        assert_eq!(selector.wait(), Some([false, true]), "{room}");
    }
    let controls = selector.kernel.controls;
    assert!(
        controls <= 2,
        "two system calls are enough, and there were {controls}"
    );
}

#[test]
fn a_writer_can_read_too() {
    let mut selector = selector();
    selector.kernel.set_writable(false);
    selector.arm_for_writing();
    selector.arm_for_reading();
    selector.kernel.set_readable(true);
    let datagram = "[readable, writable]: a datagram has come, and there is no room yet";
    assert_eq!(selector.wait(), Some([true, false]), "{datagram}");
    assert_eq!(selector.wait(), None, "nothing has changed since");
}
