//! One greeting that comes late, and then two at once: the least that `async` can do.
//!
//! Two tasks sleep at the same time, so the second one, which sleeps for less, speaks first; and both together take as
//! long as the longer one.
//!
//! In Python `say` would be the same two lines. What runs it is `loop.run_until_complete` there and `block_on` here;
//! `loop.create_task` is `spawn`. Python's program of two greetings goes on with `loop.run_forever`, and must be
//! stopped by hand. Here each task gives a handle, and whoever awaits both knows when there is nothing left to do.
//!
//! Run it: `cargo run -p step6-toolbox --example hello [-- --virtual]`
//! All options: `cargo run -p step6-toolbox --example hello -- --help`
#![forbid(unsafe_code)]

#[path = "support/clock.rs"]
mod clock;
#[path = "support/command_line.rs"]
mod command_line;

use std::io;
use std::process::ExitCode;
use std::time::Duration;

use step5_executor::{JoinError, sleep, spawn};

use clock::{executor, timed};
use command_line::Argument;

const HELP: &str = "\
Says hello late, and then twice at once.

Usage: hello [--one SECONDS] [--two SECONDS,SECONDS] [--virtual]

  --one SECONDS          when the one greeting comes (default: 1)
  --two SECONDS,SECONDS  when each of two greetings comes (default: 2,1)
  --virtual              on the virtual clock: exact, and at once
  --help                 print this
";

struct Options {
    one: Duration,
    two: [Duration; 2],
    virtual_time: bool,
}

impl Options {
    fn parse(arguments: Vec<Argument>) -> Result<Options, String> {
        let second = Duration::from_secs(1);
        let mut options = Options {
            one: second,
            two: [2 * second, second],
            virtual_time: false,
        };
        for argument in arguments {
            match argument.name.as_str() {
                "--one" => options.one = argument.seconds()?,
                "--two" => options.two.copy_from_slice(&argument.seconds_each(2..=2)?),
                "--virtual" => options.virtual_time = argument.flag()?,
                _ => return argument.unknown(),
            }
        }
        Ok(options)
    }
}

async fn say(what: &str, when: Duration) {
    sleep(when).await;
    println!("{what}");
}

async fn two(first: Duration, second: Duration) -> Result<(), JoinError> {
    let first = spawn(say("first hello", first));
    let second = spawn(say("second hello", second));
    first.await?;
    second.await
}

fn run(options: &Options) -> io::Result<()> {
    executor(options.virtual_time)?.block_on(async {
        println!("one greeting:");
        let ((), elapsed) = timed(say("hello world", options.one)).await;
        println!("took {:.2} s", elapsed.as_secs_f64());

        println!("two greetings:");
        let [first, second] = options.two;
        let (outcome, elapsed) = timed(two(first, second)).await;
        outcome.map_err(io::Error::other)?;
        println!("took {:.2} s", elapsed.as_secs_f64());
        Ok(())
    })
}

fn main() -> ExitCode {
    command_line::main("hello", HELP, Options::parse, |options| run(&options))
}
