//! What a network does to datagrams: how long they take, and how often they are lost.

use std::io::{self, ErrorKind};
use std::time::Duration;

use crate::Random;

/// How likely something is: `parts` times out of `of`. In whole numbers, so that all machines round
/// it in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chance {
    /// How often it happens.
    pub parts: u64,
    /// Out of how many times.
    pub of: u64,
}

impl Chance {
    /// The chance of what never happens.
    pub const NEVER: Chance = Chance::percent(0);

    /// Makes a chance in percent.
    pub const fn percent(parts: u64) -> Chance {
        Chance { parts, of: 100 }
    }

    /// Draws whether it happens this time.
    pub(crate) fn happens(self, random: &mut Random) -> bool {
        random.below(self.of) < self.parts
    }

    fn check(self, what: &str) -> io::Result<()> {
        let Chance { parts, of } = self;
        let fault = match of {
            0 => "`of` must be at least 1",
            _ if parts > of => "a chance is at most 1 in 1",
            _ => return Ok(()),
        };
        Err(invalid(format!("a {what} of {parts} in {of}: {fault}")))
    }
}

/// How long datagrams are under way. What was sent later may arrive sooner, unless it is constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Latency {
    /// All take the same time.
    Constant(Duration),
    /// All times between two are equally likely.
    Uniform {
        /// The shortest.
        least: Duration,
        /// The longest.
        most: Duration,
    },
    /// Most are quick, and a few take very long, as on the internet.
    ///
    /// Three of four arrive between `least` and `usual`. Of the others, three of four arrive in the
    /// next span, which is twice as wide; of the rest, three of four in the one after that, which
    /// is four times as wide; and so on.
    LongTail {
        /// The shortest.
        least: Duration,
        /// Three of four take no longer.
        usual: Duration,
        /// The longest: what would take longer takes this long.
        most: Duration,
    },
}

impl Latency {
    /// Draws how long the next one takes.
    pub(crate) fn draw(self, random: &mut Random) -> Duration {
        match self {
            Latency::Constant(latency) => latency,
            Latency::Uniform { least, most } => least + up_to(most - least, random),
            Latency::LongTail { least, usual, most } => {
                let (mut start, mut width) = (least, usual - least);
                while start < most && random.below(4) == 0 {
                    (start, width) = (start + width, 2 * width);
                }
                (start + up_to(width, random)).min(most)
            }
        }
    }

    fn check(self) -> io::Result<()> {
        let (is_ordered, most) = match self {
            Latency::Constant(latency) => (true, latency),
            Latency::Uniform { least, most } => (least <= most, most),
            Latency::LongTail { least, usual, most } => (least < usual && usual <= most, most),
        };
        if !is_ordered {
            return Err(invalid(format!("{self:?}: its times must rise")));
        }
        match most <= Latency::MOST {
            true => Ok(()),
            false => Err(invalid(format!(
                "{self:?}: a datagram takes at most {:?}",
                Latency::MOST
            ))),
        }
    }

    /// The longest that there is: a day, which overflows no clock.
    const MOST: Duration = Duration::from_secs(86_400);
}

/// Draws a time from zero to `most`, in nanoseconds.
fn up_to(most: Duration, random: &mut Random) -> Duration {
    Duration::from_nanos(random.below(most.as_nanos() as u64 + 1))
}

/// What a network does to datagrams. The default is a perfect network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conditions {
    /// How long a datagram is under way.
    pub latency: Latency,
    /// How likely it is to be lost.
    pub loss: Chance,
    /// How likely it is to come twice.
    pub duplication: Chance,
    /// How many can wait at a socket. More are dropped, as a kernel does.
    pub queue: usize,
}

impl Conditions {
    /// Returns an error that says what cannot be.
    pub(crate) fn check(&self) -> io::Result<()> {
        self.latency.check()?;
        self.loss.check("loss")?;
        self.duplication.check("duplication")?;
        match self.queue {
            0 => Err(invalid("a queue of 0: nothing would arrive".to_owned())),
            _ => Ok(()),
        }
    }
}

impl Default for Conditions {
    fn default() -> Conditions {
        Conditions {
            latency: Latency::Constant(Duration::ZERO),
            loss: Chance::NEVER,
            duplication: Chance::NEVER,
            queue: 256,
        }
    }
}

pub(crate) fn invalid(message: String) -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, message)
}
