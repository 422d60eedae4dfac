//! The least there is: one leaf future and one `block_on`, both written by hand, before any
//! executor.
//!
//! A leaf future waits for something itself, and not by awaiting another future. It keeps the waker
//! of the last poll, and what ends the wait uses that waker. Here a thread ends the wait.
//! `block_on` is the least that can run a future: poll it, and while it is pending, park the thread
//! until the waker is used.
//!
//! Run it: `cargo run -p step5-executor --example leaf_future`

use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

/// A letter that is written some time later.
#[derive(Default)]
struct Letter {
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    text: Option<String>,
    /// The waker of the last poll that found no text.
    reader: Option<Waker>,
}

/// The leaf future: the text of the letter.
struct Read(Arc<Letter>);

impl Future for Read {
    type Output = String;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<String> {
        let mut inside = self.0.inside.lock().unwrap();
        match inside.text.take() {
            Some(text) => Poll::Ready(text),
            None => {
                // The bargain: keep the waker of the last poll. The lock is
                // still held, so no text can slip in between.
                inside.reader = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Letter {
    /// Puts the text in, and wakes the reader, if there is one.
    fn write(&self, text: &str) {
        let mut inside = self.inside.lock().unwrap();
        inside.text = Some(text.to_owned());
        let reader = inside.reader.take();
        drop(inside);
        if let Some(reader) = reader {
            reader.wake();
        }
    }
}

/// Wakes by unparking a thread.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a future on this thread, which sleeps while the future waits.
fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut cx = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(output) => return output,
            // If the waker was used since the poll, this returns at once:
            // an unpark is kept until the next park.
            Poll::Pending => thread::park(),
        }
    }
}

fn main() {
    let letter = Arc::new(Letter::default());
    let writer = letter.clone();
    let thread = thread::spawn(move || {
        thread::sleep(Duration::from_millis(100));
        writer.write("wake up");
    });
    let text = block_on(async {
        println!("waiting");
        Read(letter).await
    });
    println!("read: {text}");
    thread.join().unwrap();
}
