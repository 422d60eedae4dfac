//! What is said to whoever registers what cannot be waited for?

use std::fs::File;
use std::io::ErrorKind;
use std::os::fd::{AsFd, AsRawFd};

use step4_select::{Direction, Selector, Token};
use step7_epoll::Epoll;

#[test]
fn a_file_is_refused_in_words() {
    let file = File::open("/proc/self/exe").unwrap();
    let mut selector = Epoll::new().unwrap();
    // Twice, because a refusal leaves nothing behind.
    for _ in 0..2 {
        let error = selector.register(file.as_fd(), Token(1)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let words = error.to_string();
        for word in [
            &format!("descriptor {} ", file.as_raw_fd()),
            "a file",
            "sockets",
        ] {
            assert!(words.contains(word), "{word:?} is not in {words:?}");
        }
    }
    let armed = selector.arm(file.as_fd(), Token(1), Direction::Read);
    assert_eq!(armed.unwrap_err().kind(), ErrorKind::NotFound);
}
