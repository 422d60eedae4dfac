use std::io::{self, Write};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use step4_select::{Clock, Co, Generated, Scheduler, Sleep, Socket};

use super::read_exact;

/// Gives the messages, of these lengths, that are read from a stream to which these parts are written, a while apart.
fn read(parts: &'static [&'static str], lengths: &'static [usize]) -> io::Result<Vec<String>> {
    let main = Generated::new(async move |co: &Co| {
        let (reader, mut writer) = UnixStream::pair()?;
        reader.set_nonblocking(true)?;
        let stream = Socket::new(reader);
        let write = Generated::new(async move |co: &Co| {
            for part in parts {
                writer.write_all(part.as_bytes()).expect("there is room");
                co.yield_(Sleep(Duration::from_secs(1))).await;
            }
        });
        co.spawn(write).await;
        let give_up = Generated::new(async |co: &Co| {
            co.yield_(Sleep(Duration::from_secs(1_000))).await;
            panic!("it waits for bytes that were there already");
        });
        let give_up = co.spawn(give_up).await;

        let mut messages = Vec::new();
        for &length in lengths {
            let mut buffer = vec![b'.'; length];
            read_exact(co, &stream, &mut buffer).await?;
            messages.push(String::from_utf8_lossy(&buffer).into_owned());
        }
        give_up.cancel(co).await;
        io::Result::Ok(messages)
    });
    let scheduler = Scheduler::new()
        .expect("there are descriptors")
        .with_clock(Clock::virtual_time());
    scheduler.run(main).expect("nobody waits for ever")
}

/// Passes when the exercise is solved.
pub(crate) fn check() {
    assert_eq!(read(&["hello"], &[5]).expect("it is whole"), ["hello"]);
    assert_eq!(
        read(&["hel", "lo"], &[5]).expect("it is whole"),
        ["hello"],
        "it came in two parts"
    );
    assert_eq!(
        read(&["h", "e", "ll", "o"], &[5]).expect("it is whole"),
        ["hello"],
        "it came in four parts"
    );
    assert_eq!(
        read(&["helloworld"], &[5, 5]).expect("both are whole"),
        ["hello", "world"]
    );
    assert_eq!(
        read(&["hel", "loworld"], &[5, 5]).expect("both are whole"),
        ["hello", "world"],
        "not one byte more"
    );
}
