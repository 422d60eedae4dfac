//! Steps 2 to 4: what a task does through its `co`.

use std::io;
use std::time::Duration;

use step3_sleeping_heap as step3;
use {step2_round_robin as step2, step4_select as step4};

/// The `co` of a step.
pub(crate) trait Generators: Sized + 'static {
    type Task<T: 'static>;

    /// Runs a task, and all that it spawns, on a new scheduler.
    fn run<T: 'static>(main: impl AsyncFnOnce(Self) -> T + 'static) -> io::Result<T>;
    fn turn(&self) -> impl Future<Output = ()>;
    fn spawn<T: 'static>(
        &self,
        body: impl AsyncFnOnce(Self) -> T + 'static,
    ) -> impl Future<Output = Self::Task<T>>;
    fn join<T: 'static>(&self, task: Self::Task<T>) -> impl Future<Output = Option<T>>;
    fn cancel<T: 'static>(&self, task: &Self::Task<T>) -> impl Future<Output = ()>;
}

/// The `co` of a step that has a clock.
pub(crate) trait Sleeps: Generators {
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()>;
}

macro_rules! generators_of {
    ($step:ident, $scheduler:expr) => {
        impl Generators for $step::Co {
            type Task<T: 'static> = $step::Task<T>;

            fn run<T: 'static>(main: impl AsyncFnOnce(Self) -> T + 'static) -> io::Result<T> {
                $scheduler.run(main).map_err(io::Error::other)
            }

            fn turn(&self) -> impl Future<Output = ()> {
                self.turn()
            }

            fn spawn<T: 'static>(
                &self,
                body: impl AsyncFnOnce(Self) -> T + 'static,
            ) -> impl Future<Output = $step::Task<T>> {
                self.spawn(body)
            }

            fn join<T: 'static>(&self, task: $step::Task<T>) -> impl Future<Output = Option<T>> {
                task.join(self)
            }

            fn cancel<T: 'static>(&self, task: &$step::Task<T>) -> impl Future<Output = ()> {
                task.cancel(self)
            }
        }
    };
}

generators_of!(step2, step2::Scheduler::new());
generators_of!(step3, step3::Scheduler::new());
generators_of!(step4, step4::Scheduler::new()?);

impl Sleeps for step3::Co {
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> {
        self.sleep(duration)
    }
}

impl Sleeps for step4::Co {
    fn sleep(&self, duration: Duration) -> impl Future<Output = ()> {
        self.sleep(duration)
    }
}
