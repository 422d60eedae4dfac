//! The states that a task can be in, how each looks, and what one waits for.
//!
//! A new kind of waiting is a row of the table, a [`Reason`], and an arm of its two methods.

use std::time::Duration;

use crate::units::time;

/// How a state looks.
pub(crate) struct Look {
    pub(crate) state: State,
    /// What a legend calls it.
    pub(crate) name: &'static str,
    /// The class of its shapes in SVG and in the page.
    pub(crate) class: &'static str,
    /// What stands for it in a terminal, and the number of its ANSI colour; zero is the text's.
    pub(crate) letter: char,
    pub(crate) ansi: u8,
    /// What the page calls the place of the tasks in it; empty if they have none.
    pub(crate) place: &'static str,
    /// The colours of its shapes, and of letters on them: on light paper, and on dark.
    pub(crate) light: [&'static str; 2],
    pub(crate) dark: [&'static str; 2],
}

/// Makes the states of a table, each of which is two lines: its name in a legend, its class, its
/// letter and colour in a terminal, its place in the page; and its colours, light and dark.
macro_rules! states {
    ($($state:ident $name:literal $class:literal $letter:literal $ansi:literal $place:literal
        $light:literal $ink:literal $dark:literal $dark_ink:literal;)*) => {
        /// A state of a task.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum State { $($state),* }

        /// How all states look, in their order, which is that of a legend.
        pub(crate) const LOOKS: &[Look] = &[$(Look {
            state: State::$state, name: $name, class: $class, letter: $letter, ansi: $ansi,
            place: $place, light: [$light, $ink], dark: [$dark, $dark_ink],
        }),*];
    };
}

states! {
    // Not spawned yet.
    Absent "not spawned" "absent" ' ' 0 ""
        "none" "none" "none" "none";
    Running "running" "running" '█' 32 "Running"
        "#1a7f37" "#fff" "#3fb950" "#04260f";
    Ready "ready" "ready" '░' 33 "Ready queue, front first"
        "#fae17d" "#574200" "#6a5210" "#fbe08a";
    Sleeping "sleeping" "sleeping" 'z' 94 "Heap, by deadline"
        "#cfe5ff" "#0a3069" "#123a6d" "#b6d8ff";
    Socket "waiting for a socket" "socket" 's' 35 "Sockets waited for"
        "#f4d4f0" "#61195a" "#56214f" "#f9c5f2";
    Joining "joining" "joining" 'j' 36 "Joining"
        "#cbeee6" "#084c42" "#11463e" "#9de8da";
    // For something that did not say what it is: a lock, say.
    Other "waiting" "waiting" 'w' 0 "Waiting for something else"
        "#e3e6ea" "#343b43" "#333a42" "#d5dbe1";
    Done "done" "done" '·' 90 "Done"
        "none" "#59636e" "none" "#9aa4ae";
    // These two are seen at the instant of the end, and then the task is done.
    Cancelled "cancelled" "cancelled" 'x' 31 ""
        "#b62324" "#b62324" "#ff8b84" "#ff8b84";
    Panicked "panicked" "panicked" '!' 31 ""
        "#b62324" "#b62324" "#ff8b84" "#ff8b84";
}

impl State {
    pub(crate) fn look(self) -> &'static Look {
        &LOOKS[self as usize]
    }

    pub(crate) fn name(self) -> &'static str {
        self.look().name
    }

    pub(crate) fn class(self) -> &'static str {
        self.look().class
    }

    /// The state of a task that waits. What a future says first counts: a limit speaks after what
    /// it limits.
    pub(crate) fn of(reasons: &[Reason]) -> State {
        reasons.first().map_or(State::Other, Reason::state)
    }
}

/// What a task waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Until a time, counted like that of events; `None` is forever.
    Sleep(Option<Duration>),
    /// To read from a socket. They are numbered from zero in the order in which they were first
    /// waited for.
    Readable(usize),
    /// To write to a socket.
    Writable(usize),
    /// For the end of a task. `None` is one of which nothing else was heard.
    Join(Option<usize>),
}

impl Reason {
    /// The state of a task that waits for this.
    pub(crate) fn state(&self) -> State {
        match self {
            Reason::Sleep(_) => State::Sleeping,
            Reason::Readable(_) | Reason::Writable(_) => State::Socket,
            Reason::Join(_) => State::Joining,
        }
    }

    /// What the task does, in a sentence about it, and in a note beside its name.
    pub(crate) fn words(&self, name: impl Fn(usize) -> String) -> [String; 2] {
        match *self {
            Reason::Sleep(None) => ["sleeps forever".to_owned(), "forever".to_owned()],
            Reason::Sleep(Some(deadline)) => {
                let deadline = time(nanos(deadline));
                let note = format!("until {deadline}").replace(' ', "\u{a0}");
                [format!("sleeps until {deadline}"), note]
            }
            Reason::Readable(socket) => {
                let socket = format!("socket {}", socket + 1);
                [format!("waits to read from {socket}"), socket]
            }
            Reason::Writable(socket) => {
                let socket = format!("socket {}", socket + 1);
                let sentence = format!("waits to write to {socket}");
                [sentence, format!("{socket}, to write")]
            }
            Reason::Join(task) => {
                let name = task.map_or("a task".to_owned(), name);
                [format!("waits for the end of {name}"), format!("→ {name}")]
            }
        }
    }
}

pub(crate) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
