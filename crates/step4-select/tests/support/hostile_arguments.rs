//! Command lines that nobody would type: real arguments, mutated at random.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

/// What the programs here understand, so that the mutated ones come near it.
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

/// Hands this many command lines to `parse`, which must take each one or say what is wrong with it.
pub(crate) fn feed<T>(count: u64, parse: impl Fn(Vec<OsString>) -> Result<T, String>) {
    for seed in 1..=count {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let arguments = arguments(&mut state);
        if let Err(message) = parse(arguments) {
            assert!(
                !message.trim().is_empty() && message.len() < 100_000,
                "seed {seed}"
            );
        }
    }
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
