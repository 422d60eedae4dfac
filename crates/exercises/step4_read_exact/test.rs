use std::io::{self, ErrorKind, Write};
use std::os::unix::net::UnixStream;

use step4_select::Scheduler;

use super::read_exact;

const THERE: &str = "all bytes of the messages are written before the stream ends";

/// Reads messages of these lengths from a stream to which these parts are written, some turns
/// apart.
fn read(parts: &'static [&'static str], lengths: &'static [usize]) -> io::Result<Vec<String>> {
    let read = Scheduler::new()?.run(async move |co| {
        let (stream, mut writer) = UnixStream::pair()?;
        stream.set_nonblocking(true)?;
        // It drops its end when it is done, so to wait for too much is an error, and not a
        // deadlock.
        let write = async move |co: step4_select::Co| {
            for part in parts {
                writer.write_all(part.as_bytes()).expect("there is room");
                for _ in 0..10 {
                    co.turn().await;
                }
            }
        };
        co.spawn(write).await;

        let mut messages = Vec::new();
        for &length in lengths {
            let mut buffer = vec![b'.'; length];
            read_exact(&co, &stream, &mut buffer).await?;
            messages.push(String::from_utf8_lossy(&buffer).into_owned());
        }
        Ok(messages)
    });
    read.expect("every task can continue")
}

#[test]
fn a_message_in_one_part_is_whole() {
    let messages = read(&["hello"], &[5]).expect(THERE);
    assert_eq!(messages, ["hello"], "five bytes that come in one part");
}

#[test]
fn a_message_in_several_parts_is_whole() {
    let messages = read(&["hel", "lo"], &[5]).expect(THERE);
    assert_eq!(messages, ["hello"], "the second part goes behind the first");
    let messages = read(&["h", "e", "ll", "o"], &[5]).expect(THERE);
    assert_eq!(messages, ["hello"], "each part goes behind those before it");
}

#[test]
fn it_takes_no_byte_of_the_next_message() {
    let messages = read(&["helloworld"], &[5, 5]).expect(THERE);
    assert_eq!(
        messages,
        ["hello", "world"],
        "what came with the first message is the second"
    );
    let messages = read(&["hel", "loworld"], &[5, 5]).expect(THERE);
    assert_eq!(
        messages,
        ["hello", "world"],
        "it reads no more than it was asked for"
    );
}

#[test]
fn an_end_in_the_middle_is_an_error() {
    let error = read(&["hel"], &[5]).expect_err("the stream ends after three of five bytes");
    assert_eq!(
        error.kind(),
        ErrorKind::UnexpectedEof,
        "the kind of the error says that the stream has ended"
    );
}
