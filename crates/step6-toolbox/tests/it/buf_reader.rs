//! Does a reader give what was asked for, however the bytes come, and lose none when it is dropped?

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io::{self, ErrorKind};

use step5_executor::yield_now;
use step6_toolbox::{AsyncRead, AsyncWrite, BufReader, copy};
use testing::foreign::block_on;

use crate::by_hand::ByHand;

/// Gives and takes a few bytes at a time, and is pending before each.
#[derive(Default)]
struct Pieces {
    given: RefCell<VecDeque<Vec<u8>>>,
    taken: RefCell<Vec<u8>>,
    reads: Cell<usize>,
}

fn pieces(bytes: &[u8], length: usize) -> Pieces {
    let given = bytes.chunks(length).map(<[u8]>::to_vec).collect();
    Pieces {
        given: RefCell::new(given),
        ..Pieces::default()
    }
}

impl AsyncRead for Pieces {
    async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        yield_now().await;
        self.reads.set(self.reads.get() + 1);
        let piece = self.given.borrow_mut().pop_front().unwrap_or_default();
        buffer[..piece.len()].copy_from_slice(&piece);
        Ok(piece.len())
    }
}

impl AsyncWrite for Pieces {
    async fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        yield_now().await;
        let bytes = &bytes[..bytes.len().min(2)];
        self.taken.borrow_mut().extend(bytes);
        Ok(bytes.len())
    }
}

type Reader<'a> = BufReader<&'a Pieces>;

/// Runs a read to its end. Then does it again with every number of polls after which it is dropped
/// and begun anew. The result, and what is left, must be the same.
#[track_caller]
fn dropped_anywhere<T: PartialEq + std::fmt::Debug>(
    bytes: &[u8],
    read: impl AsyncFn(&mut Reader) -> T,
) -> T {
    let outcome = |length, polls| {
        let source = pieces(bytes, length);
        let mut reader = BufReader::new(&source);
        let mut by_hand = ByHand::new(read(&mut reader));
        let is_pending = (0..polls).all(|_| by_hand.poll().is_pending());
        drop(by_hand);
        let output = is_pending.then(|| block_on(read(&mut reader)));
        (output, block_on(reader.read_to_end(100)).unwrap())
    };
    let expected = outcome(1, 0);
    for length in 1..=bytes.len() {
        for polls in 0.. {
            let (output, left) = outcome(length, polls);
            // It was ready, so there is nothing to begin anew.
            let Some(output) = output else { break };
            assert_eq!(Some(&output), expected.0.as_ref(), "{length}, {polls}");
            assert_eq!(left, expected.1, "{length}, {polls}");
        }
    }
    expected.0.unwrap()
}

#[test]
fn exactly_so_many_bytes_are_read() {
    let read = dropped_anywhere(b"abcdefg", async |reader| {
        reader.read_exactly(5).await.unwrap()
    });
    assert_eq!(read, b"abcde");
}

/// Promise (toolbox): A read of a `BufReader` that is dropped, fails or meets its limit loses no
/// byte, and buffers no more than its limit allows.
#[test]
fn a_delimiter_is_found_across_pieces() {
    let read = dropped_anywhere(b"ab\r\r\ncd\r\n", async |reader| {
        reader.read_until(b"\r\n", 100).await.unwrap()
    });
    assert_eq!(read, b"ab\r\r\n");
}

#[test]
fn a_line_is_read() {
    let read = dropped_anywhere("süß\nsauer".as_bytes(), async |reader| {
        reader.read_line(100).await.unwrap()
    });
    assert_eq!(read, "süß\n");
}

#[test]
fn all_is_read_to_the_end() {
    let read = dropped_anywhere(b"abcdefg", async |reader| {
        reader.read_to_end(7).await.unwrap()
    });
    assert_eq!(read, b"abcdefg");
}

#[test]
fn what_has_come_is_read() {
    let source = pieces(b"abcdefg", 4);
    let mut reader = BufReader::new(&source);
    let mut read = |limit| block_on(reader.read(limit)).unwrap();
    assert_eq!(
        (read(0), read(3), read(3)),
        (vec![], b"abc".to_vec(), b"d".to_vec())
    );
    assert_eq!((read(9), read(9)), (b"efg".to_vec(), vec![]));
}

#[test]
fn the_last_line_may_lack_its_end() {
    let source = pieces(b"one\r\n\ntwo", 3);
    let mut reader = BufReader::new(&source);
    let mut lines = || block_on(reader.read_line(100)).unwrap();
    assert_eq!([lines(), lines(), lines()], ["one\r\n", "\n", "two"]);
    assert_eq!([lines(), lines()], ["", ""]);
}

/// Promise (toolbox): A read of a `BufReader` that is dropped, fails or meets its limit loses no
/// byte, and buffers no more than its limit allows.
#[test]
fn an_end_too_early_loses_no_byte() {
    let source = pieces(b"abc", 2);
    let mut reader = BufReader::new(&source);
    let error = block_on(reader.read_exactly(4)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    let text = "the stream ends after 3 bytes of what was to be read";
    assert_eq!(error.to_string(), text);
    let error = block_on(reader.read_until(b";", 100)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    assert_eq!(reader.buffer(), b"abc");
}

#[test]
fn a_limit_counts_to_the_byte() {
    for length in 1..=6 {
        let source = pieces(b"abcd\nx", length);
        let mut reader = BufReader::new(&source);
        let error = block_on(reader.read_line(4)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
        let text = "what was to be read is longer than the limit of 4 bytes";
        assert_eq!(error.to_string(), text);
        assert_eq!(block_on(reader.read_line(5)).unwrap(), "abcd\n");
    }
    let source = pieces(b"abcd", 3);
    let mut reader = BufReader::new(&source);
    assert!(block_on(reader.read_to_end(3)).is_err());
    assert_eq!(block_on(reader.read_to_end(4)).unwrap(), b"abcd");
}

/// Promise (toolbox): A read of a `BufReader` that is dropped, fails or meets its limit loses no
/// byte, and buffers no more than its limit allows.
#[test]
fn a_peer_that_never_ends_a_line_is_refused() {
    let source = pieces(&[b'x'; 100_000], 1_000);
    let mut reader = BufReader::new(&source);
    assert!(block_on(reader.read_line(10_000)).is_err());
    assert_eq!(source.reads.get(), 11);
}

#[test]
fn a_line_that_is_not_utf8_is_skipped() {
    let source = pieces(b"\xff\nnext\n", 3);
    let mut reader = BufReader::new(&source);
    let error = block_on(reader.read_line(100)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    assert_eq!(block_on(reader.read_line(100)).unwrap(), "next\n");
}

/// Promise (toolbox): A read of a `BufReader` that is dropped, fails or meets its limit loses no
/// byte, and buffers no more than its limit allows.
#[test]
fn a_copy_that_is_dropped_loses_no_byte() {
    for polls in 0.. {
        let source = pieces(b"abcdefghi", 4);
        let mut reader = BufReader::new(&source);
        let mut by_hand = ByHand::new(copy(&mut reader, &source));
        let is_pending = (0..polls).all(|_| by_hand.poll().is_pending());
        drop(by_hand);
        let copied = block_on(copy(&mut reader, &source)).unwrap();
        assert_eq!(*source.taken.borrow(), b"abcdefghi", "{polls}");
        if !is_pending {
            assert_eq!((copied, polls > 5), (0, true));
            break;
        }
    }
}

#[test]
fn a_last_line_as_long_as_the_limit_is_read() {
    for length in 1..=5 {
        let source = pieces(b"hello", length);
        let mut reader = BufReader::new(&source);
        let error = block_on(reader.read_until(b";", 5)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
        assert_eq!(block_on(reader.read_line(5)).unwrap(), "hello");
    }
}

/// As when the stream below is cut off.
#[test]
fn an_eof_error_of_the_source_is_no_end() {
    struct CutOff(Cell<bool>);
    impl AsyncRead for CutOff {
        async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
            buffer[..4].copy_from_slice(b"half");
            match self.0.replace(true) {
                false => Ok(4),
                true => Err(io::Error::new(ErrorKind::UnexpectedEof, "cut off")),
            }
        }
    }
    let mut reader = BufReader::new(CutOff(Cell::new(false)));
    let error = block_on(reader.read_line(100)).unwrap_err();
    assert_eq!(error.to_string(), "cut off");
    assert_eq!(reader.buffer(), b"half");
}
