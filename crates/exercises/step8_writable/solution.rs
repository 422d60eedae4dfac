// Hint: a flag that says whether writing was asked for. Most sockets never get there.

/// The kernel's set, with one socket in it. Directions are reading, and writing.
trait Kernel {
    /// Says for which directions to report changes. The state at this moment is reported as one.
    fn control(&mut self, asked_for: [bool; 2]);

    /// Returns the next change. `None` if nothing more will happen; the real one would wait
    /// forever.
    fn wait(&mut self) -> Option<[bool; 2]>;
}

/// Waits for one socket, and counts its spurious wake-ups.
struct Selector<K> {
    kernel: K,
    is_armed: [bool; 2],
    asks_for_writing: bool,
    spurious: u32,
}

impl<K: Kernel> Selector<K> {
    fn new(mut kernel: K) -> Selector<K> {
        kernel.control([true, false]);
        Selector {
            kernel,
            is_armed: [false; 2],
            asks_for_writing: false,
            spurious: 0,
        }
    }

    fn arm_for_reading(&mut self) {
        self.is_armed[0] = true;
    }

    fn arm_for_writing(&mut self) {
        if !self.asks_for_writing {
            // What came since the try is not lost: the kernel reports the state as a change.
            self.kernel.control([true, true]);
            self.asks_for_writing = true;
        }
        self.is_armed[1] = true;
    }

    /// Returns which directions are armed and ready, and disarms those. `None` if nothing more will
    /// happen.
    fn wait(&mut self) -> Option<[bool; 2]> {
        while let Some(changed) = self.kernel.wait() {
            let ready = [0, 1].map(|direction| {
                changed[direction] && std::mem::take(&mut self.is_armed[direction])
            });
            if ready != [false; 2] {
                return Some(ready);
            }
            self.spurious += 1;
        }
        None
    }
}
