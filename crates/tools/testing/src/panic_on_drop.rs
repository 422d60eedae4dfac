//! A payload of a panic that panics when it is dropped.

/// Panics when it is dropped, with another payload that does so, and so on, so many times.
pub struct PanicOnDrop(pub u32);

impl Drop for PanicOnDrop {
    fn drop(&mut self) {
        if self.0 > 0 {
            std::panic::panic_any(PanicOnDrop(self.0 - 1));
        }
    }
}
