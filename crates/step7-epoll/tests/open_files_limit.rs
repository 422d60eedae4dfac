//! Does it raise the limit of open files as far as the system allows?
//!
//! That concerns the whole process, so the test here runs itself again in another one, which a
//! shell has given a low limit.
#![cfg(target_os = "linux")]

use std::process::Command;
use std::{env, fs};

use step7_epoll::raise_open_files_limit;

/// Tells the second run from the first.
const LOWERED: &str = "STEP7_LOWERED";

#[test]
fn the_soft_limit_is_raised_to_the_hard_one() {
    if env::var_os(LOWERED).is_some() {
        return in_a_process_with_a_low_limit();
    }
    let again = r#"ulimit -Sn 99 && exec "$0" --exact the_soft_limit_is_raised_to_the_hard_one"#;
    let status = Command::new("sh")
        .args(["-c", again])
        .arg(env::current_exe().unwrap())
        .env(LOWERED, "1")
        .status();
    assert!(status.unwrap().success());
}

fn in_a_process_with_a_low_limit() {
    let (soft, hard) = limits();
    assert_eq!(soft, "99");
    let raised = raise_open_files_limit().unwrap();
    assert_eq!(raised.to_string(), hard);
    assert_eq!(limits(), (hard.clone(), hard));
    assert_eq!(raise_open_files_limit().unwrap(), raised);
}

/// The soft and the hard limit, as the system tells them.
fn limits() -> (String, String) {
    let limits = fs::read_to_string("/proc/self/limits").unwrap();
    let mut lines = limits.lines();
    let line = lines.find_map(|line| line.strip_prefix("Max open files"));
    let mut words = line.unwrap().split_whitespace().map(str::to_owned);
    (words.next().unwrap(), words.next().unwrap())
}
