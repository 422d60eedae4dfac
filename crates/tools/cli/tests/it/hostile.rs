//! Command lines that a user would never type: real arguments, mutated at random.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use cli::{Arguments, Error};

/// What the programs here understand, so that the mutated arguments come near it.
const REAL: [&[u8]; 20] = [
    b"--virtual",
    b"--timeline",
    b"--width",
    b"--svg",
    b"--html",
    b"--list",
    b"--help",
    b"--sockets",
    b"--idle",
    b"--port=8080",
    b"--for",
    b"--delay",
    b"127.0.0.1:8000",
    b"[::1]:9",
    b"request0",
    b"5",
    b"-1",
    b"0.25",
    b"18446744073709551616",
    "\u{e9}\u{1f980}\u{202e}".as_bytes(),
];

#[test]
fn any_arguments_are_taken_or_named_as_wrong() {
    for seed in 1..=20_000_u64 {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        if let Err(Error::Usage(message)) = parse(Arguments::new(arguments(&mut state))) {
            assert!(!message.trim().is_empty(), "seed {seed}");
            assert_eq!(message.lines().count(), 1, "seed {seed}: {message}");
        }
    }
}

/// Takes out whatever the programs here understand, in all ways.
fn parse(mut arguments: Arguments) -> Result<(), Error> {
    arguments.flag("--virtual")?;
    arguments.flag("--list")?;
    arguments.number("--width", 20..=1_000)?;
    arguments.number("--port", 0..=u16::MAX)?;
    arguments.seconds("--delay")?;
    arguments.file("--svg")?;
    cli::server_and_requests(arguments)?;
    Ok(())
}

fn arguments(state: &mut u64) -> Vec<OsString> {
    (0..random(state) % 5)
        .map(|_| OsString::from_vec(mutated(state)))
        .collect()
}

fn mutated(state: &mut u64) -> Vec<u8> {
    let mut argument = REAL[random(state) as usize % REAL.len()].to_vec();
    for _ in 0..random(state) % 4 {
        let place = random(state) as usize % (argument.len() + 1);
        match random(state) % 5 {
            0 => argument.insert(place, random(state) as u8),
            1 => argument.truncate(place),
            2 if place < argument.len() => argument[place] = random(state) as u8,
            3 => argument.extend(REAL[random(state) as usize % REAL.len()]),
            _ if place < argument.len() => {
                argument = argument[place..].repeat(1 + random(state) as usize % 50)
            }
            _ => {}
        }
    }
    argument.truncate(1_000);
    // No argument of a real command line has a zero byte in it.
    argument.retain(|byte| *byte != 0);
    argument
}

/// A pseudo-random number (Marsaglia's xorshift, 64 bits).
fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}
