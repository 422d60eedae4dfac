use std::collections::VecDeque;

use super::Selector;

/// A model of the kernel's set, with one socket in it.
#[derive(Default)]
pub(crate) struct Kernel {
    asked_for: [bool; 2],
    state: [bool; 2],
    /// Changes that were not reported yet.
    changes: VecDeque<[bool; 2]>,
    controls: u32,
}

impl Kernel {
    /// Says for which directions to report a change. The state at this moment is reported as one.
    pub(crate) fn control(&mut self, asked_for: [bool; 2]) {
        self.controls += 1;
        self.asked_for = asked_for;
        self.changed([0, 1].map(|direction| self.state[direction]));
    }

    /// Returns the next change. `None` if nothing more will happen, where the real one would wait for ever.
    pub(crate) fn wait(&mut self) -> Option<[bool; 2]> {
        self.changes.pop_front()
    }

    /// A datagram has come, or was read.
    fn set_readable(&mut self, is_readable: bool) {
        self.state[0] = is_readable;
        self.changed([is_readable, false]);
    }

    /// There is room, or none any more.
    fn set_writable(&mut self, is_writable: bool) {
        self.state[1] = is_writable;
        self.changed([false, is_writable]);
    }

    fn changed(&mut self, directions: [bool; 2]) {
        let reported = [0, 1].map(|direction| directions[direction] && self.asked_for[direction]);
        if reported != [false; 2] {
            self.changes.push_back(reported);
        }
    }
}

/// Passes when the exercise is solved.
pub(crate) fn check() {
    let mut selector = Selector::new(Kernel {
        state: [false, true],
        ..Kernel::default()
    });
    for _ in 0..10 {
        // A round trip: what is sent takes room, and then there is room again. An answer comes.
        selector.arm_for_reading();
        selector.kernel().set_writable(false);
        selector.kernel().set_writable(true);
        selector.kernel().set_readable(true);
        assert_eq!(selector.wait(), Some([true, false]));
        selector.kernel().set_readable(false);
    }
    assert_eq!(
        selector.for_nothing, 0,
        "nobody waits for room, so that there is some ends no wait"
    );
    assert_eq!(
        selector.kernel().controls,
        1,
        "one call of the kernel, to register"
    );

    // A try to write was in vain, and room is made before the arming.
    selector.kernel().set_writable(false);
    selector.kernel().set_writable(true);
    selector.arm_for_writing();
    assert_eq!(
        selector.wait(),
        Some([false, true]),
        "it is reported all the same"
    );
    assert_eq!(selector.kernel().controls, 2);

    for _ in 0..10 {
        selector.kernel().set_writable(false);
        selector.arm_for_writing();
        selector.kernel().set_writable(true);
        assert_eq!(selector.wait(), Some([false, true]));
    }
    assert_eq!(selector.kernel().controls, 2, "it stays asked for");
    selector.arm_for_reading();
    selector.kernel().set_readable(true);
    assert_eq!(selector.wait(), Some([true, false]), "and reading too");
    assert_eq!(selector.wait(), None);
}
