//! What must permits do? The same as a plain model, a list that is searched from the front after
//! each step.

use std::task::Poll;

use testing::random::Random;

use crate::by_hand::ByHand;

/// Something to compare with the model: a lock or a semaphore.
pub(crate) trait Permits {
    type Permit<'a>
    where
        Self: 'a;

    fn acquire(&self) -> impl Future<Output = Self::Permit<'_>>;
    fn try_acquire(&self) -> Option<Self::Permit<'_>>;
    fn available(&self) -> usize;

    /// Adds permits. Returns how many.
    fn add(&self, count: usize) -> usize;

    /// Takes a permit out of circulation, or gives it back. Returns whether it is out.
    fn forget(permit: Self::Permit<'_>) -> bool;
}

struct Waiting<'a, T> {
    by_hand: ByHand<'a, T>,
    has_permit: bool,
}

struct Model<'a, P: Permits> {
    permits: &'a P,
    /// How many there are in all.
    total: usize,
    held: Vec<P::Permit<'a>>,
    waiting: Vec<Waiting<'a, P::Permit<'a>>>,
}

impl<'a, P: Permits> Model<'a, P> {
    /// How many are for newcomers.
    fn free(&self) -> usize {
        self.total - self.held.len() - self.waiting.iter().filter(|one| one.has_permit).count()
    }

    fn step(&mut self, random: &mut Random) {
        match random.below(100) {
            0..30 => {
                let mut by_hand = ByHand::new(self.permits.acquire());
                match by_hand.poll() {
                    Poll::Ready(permit) => {
                        assert!(self.free() > 0);
                        self.held.push(permit);
                    }
                    Poll::Pending => {
                        assert_eq!(self.free(), 0);
                        self.waiting.push(Waiting {
                            by_hand,
                            has_permit: false,
                        });
                    }
                }
            }
            30..55 if !self.waiting.is_empty() => {
                let index = random.below(self.waiting.len());
                let one = &mut self.waiting[index];
                let polled = one.by_hand.poll_somehow(random);
                assert_eq!(polled.is_ready(), one.has_permit);
                if let Poll::Ready(permit) = polled {
                    self.held.push(permit);
                    self.waiting.remove(index);
                }
            }
            55..65 if !self.waiting.is_empty() => {
                drop(self.waiting.remove(random.below(self.waiting.len())))
            }
            65..85 if !self.held.is_empty() => {
                drop(self.held.swap_remove(random.below(self.held.len())))
            }
            85..95 => {
                let permit = self.permits.try_acquire();
                assert_eq!(permit.is_some(), self.free() > 0);
                self.held.extend(permit);
            }
            95 if !self.held.is_empty() => {
                let permit = self.held.swap_remove(random.below(self.held.len()));
                self.total -= usize::from(P::forget(permit));
            }
            96 => self.total += self.permits.add(random.below(3)),
            _ => {}
        }
        self.settle();
    }

    /// Hands out all permits that there are, and checks that the waiters that have one now were
    /// woken, and no others.
    fn settle(&mut self) {
        while self.free() > 0
            && let Some(first) = self.waiting.iter_mut().find(|one| !one.has_permit)
        {
            first.has_permit = true;
        }
        assert_eq!(self.permits.available(), self.free());
        for one in &self.waiting {
            assert_eq!(one.by_hand.wakes(), usize::from(one.has_permit));
        }
    }
}

/// Does the same to the permits and to their model, step by step, in many random schedules.
pub(crate) fn compare<P: Permits>(make: impl Fn(usize) -> (P, usize)) {
    for seed in 0..2_000 {
        let mut random = Random::new(seed);
        let (permits, total) = make(random.below(4));
        let mut model = Model {
            permits: &permits,
            total,
            held: vec![],
            waiting: vec![],
        };
        for step in 0..150 {
            let run = std::panic::AssertUnwindSafe(|| model.step(&mut random));
            if let Err(payload) = std::panic::catch_unwind(run) {
                eprintln!("seed {seed}, step {step}");
                std::panic::resume_unwind(payload);
            }
        }
    }
}
