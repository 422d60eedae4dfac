//! A function that can be suspended, as its caller sees it.

/// A function that can be suspended, and returns a value in the end.
///
/// It runs only inside [`resume`](Self::resume). To drop it is to cancel it where it stands: its
/// locals are dropped, and the rest of it never happens.
///
/// # Examples
///
/// By hand a generator is a state machine; [`Generated`](crate::Generated) lets the compiler write
/// it.
///
/// ```
/// use step2_round_robin::{Generator, GeneratorState};
///
/// /// Yields its letters, then returns how many there were.
/// struct Letters(&'static str, usize);
///
/// impl Generator for Letters {
///     type Yield = char;
///     type Return = usize;
///
///     fn resume(&mut self) -> GeneratorState<char, usize> {
///         match self.0.chars().nth(self.1) {
///             Some(letter) => {
///                 self.1 += 1;
///                 GeneratorState::Yielded(letter)
///             }
///             None => GeneratorState::Complete(self.1),
///         }
///     }
/// }
///
/// let mut letters = Letters("ab", 0);
/// assert_eq!(letters.resume(), GeneratorState::Yielded('a'));
/// assert_eq!(letters.resume(), GeneratorState::Yielded('b'));
/// assert_eq!(letters.resume(), GeneratorState::Complete(2));
/// ```
pub trait Generator {
    /// What it hands out each time that it stops: to a scheduler, a request.
    type Yield;
    /// What it returns at its end.
    type Return;

    /// Runs it up to its next `yield`, or to its end; the first call starts it.
    ///
    /// # Panics
    ///
    /// Panics if its code does, and may panic if it has returned already.
    fn resume(&mut self) -> GeneratorState<Self::Yield, Self::Return>;
}

/// Where a generator stands after it was resumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GeneratorState<Y, R> {
    /// It has suspended itself, and can be resumed.
    Yielded(Y),
    /// It has returned, and must not be resumed again.
    Complete(R),
}
