// Exercise: what to ask the kernel for, and when.
//
// `Kernel` is edge-triggered, as `epoll` is in step 8: it keeps a set, and reports a change once,
// if it was asked for that direction. The selector asks for both directions from the start. So each
// time room is made for writing, a wait for reading ends in vain: a spurious wake-up. Ask for
// reading alone at first, and for writing once a task has to wait for it; then leave it so.

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
    spurious: u32,
}

impl<K: Kernel> Selector<K> {
    fn new(mut kernel: K) -> Selector<K> {
        kernel.control([true, true]);
        Selector {
            kernel,
            is_armed: [false; 2],
            spurious: 0,
        }
    }

    fn arm_for_reading(&mut self) {
        self.is_armed[0] = true;
    }

    fn arm_for_writing(&mut self) {
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
