//! What a panic carries can panic when it is dropped.

/// Panics when it is dropped, with another that does so, and so on.
pub struct Evil(pub u32);

impl Drop for Evil {
    fn drop(&mut self) {
        if self.0 > 0 {
            std::panic::panic_any(Evil(self.0 - 1));
        }
    }
}
