//! Does the program `geocode` list, serve, and end when it should?

use std::time::{Duration, Instant};

use crate::program::{Running, assert_refused};

#[test]
fn it_lists_each_address_when_it_is_known() {
    let mut geocode = Running::start("geocode", &["--list"]);
    let line = geocode.line();
    let (time, _) = line.split_once(" s  ").unwrap();
    // The quickest lookup takes a tenth of a second. The last is known after nine seconds.
    assert!(time.trim().parse::<f64>().unwrap() >= 0.1, "{line}");
}

#[test]
fn a_bad_command_line_is_named() {
    let unknown = "\"--lost\" is unknown: did you mean --list?";
    assert_refused("geocode", &["--lost"], 2, unknown);
}

#[test]
fn it_serves_until_its_time_is_over() {
    let start = Instant::now();
    let text = Running::start("geocode", &["--port", "0", "--for", "0.5"]).rest();
    assert!(text.starts_with("geocode listens at http://127.0.0.1:"));
    assert!(text.ends_with("/\nThe time is over.\n"), "{text}");
    assert!(start.elapsed() >= Duration::from_millis(500));
}

#[test]
fn ctrl_c_ends_it_well() {
    let mut geocode = Running::start("geocode", &["--port", "0"]);
    geocode.line();
    geocode.interrupt();
    assert_eq!(geocode.rest(), "Stopped by Ctrl-C.\n");
}
