// Hint: a flag that says whether writing was asked for. Most sockets never get there.

use test::Kernel;

/// Waits for one socket, and counts how often a wait ended for nothing.
struct Selector {
    kernel: Kernel,
    /// By direction: reading, and writing.
    is_armed: [bool; 2],
    asks_for_writing: bool,
    for_nothing: u32,
}

impl Selector {
    fn new(mut kernel: Kernel) -> Selector {
        kernel.control([true, false]);
        Selector {
            kernel,
            is_armed: [false; 2],
            asks_for_writing: false,
            for_nothing: 0,
        }
    }

    fn arm_for_reading(&mut self) {
        self.is_armed[0] = true;
    }

    fn arm_for_writing(&mut self) {
        if !self.asks_for_writing {
            // Asking reports the state at this moment as a change, so what came since the try is not lost.
            self.kernel.control([true, true]);
            self.asks_for_writing = true;
        }
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
