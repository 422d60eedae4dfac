// Exercise: what to ask the kernel for, and when.
//
// `Kernel` is a model of `epoll`: it keeps a set, and reports a change once, if it was asked for that direction. The
// selector asks for both directions at once. So each time room is made for writing, a wait ends for nobody. Ask for
// reading at first, and for writing once somebody has to wait for it; then leave it so.

use test::Kernel;

/// Waits for one socket, and counts how often a wait ended for nothing.
struct Selector {
    kernel: Kernel,
    /// By direction: reading, and writing.
    is_armed: [bool; 2],
    for_nothing: u32,
}

impl Selector {
    fn new(mut kernel: Kernel) -> Selector {
        kernel.control([true, true]);
        Selector {
            kernel,
            is_armed: [false; 2],
            for_nothing: 0,
        }
    }

    fn arm_for_reading(&mut self) {
        self.is_armed[0] = true;
    }

    fn arm_for_writing(&mut self) {
        self.is_armed[1] = true;
    }

    /// Returns which directions are armed and ready, and disarms those. `None` if nothing more will happen.
    fn wait(&mut self) -> Option<[bool; 2]> {
        while let Some(changed) = self.kernel.wait() {
            let ready = [0, 1].map(|direction| {
                changed[direction] && std::mem::take(&mut self.is_armed[direction])
            });
            if ready != [false; 2] {
                return Some(ready);
            }
            self.for_nothing += 1;
        }
        None
    }

    fn kernel(&mut self) -> &mut Kernel {
        &mut self.kernel
    }
}
