//! In which order do deadlines and sockets wake their tasks? A selector made for the purpose says what comes.

use std::cell::RefCell;
use std::io;
use std::os::fd::BorrowedFd;
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use step4_select::{
    Co, Direction, Event, Generated, Notified, Notifier, Scheduler, Selector, Sleep, Socket, Token,
    Until,
};

/// Says that every socket which was armed is ready in both directions, the last one first.
struct Contrary {
    armed: Vec<Token>,
    notified: Notified,
}

impl Selector for Contrary {
    fn register(&mut self, _: BorrowedFd<'_>, _: Token) -> io::Result<()> {
        Ok(())
    }

    fn deregister(&mut self, _: BorrowedFd<'_>, _: Token) -> io::Result<()> {
        Ok(())
    }

    fn arm(&mut self, _: BorrowedFd<'_>, token: Token, _: Direction) -> io::Result<()> {
        self.armed.push(token);
        Ok(())
    }

    fn disarm(&mut self, _: BorrowedFd<'_>, _: Token, _: Direction) {}

    fn wait(&mut self, _: Until, events: &mut Vec<Event>) -> io::Result<()> {
        // By then both timers are due.
        thread::sleep(Duration::from_millis(5));
        self.armed.sort_unstable_by(|a, b| b.cmp(a));
        self.armed.dedup();
        events.clear();
        events.extend(self.armed.drain(..).map(|token| Event {
            token,
            readable: true,
            writable: true,
        }));
        Ok(())
    }

    fn notifier(&self) -> Notifier {
        self.notified.notifier()
    }
}

#[test]
fn timers_by_deadline_then_sockets_by_descriptor_and_readers_before_writers() {
    let log = Rc::new(RefCell::new(Vec::new()));
    let notes = log.clone();
    let main = Generated::new(async move |co: &Co| {
        let any = "127.0.0.1:0".parse().unwrap();
        let (low, high) = (
            Rc::new(Socket::bind(any).unwrap()),
            Rc::new(Socket::bind(any).unwrap()),
        );
        let waiting = [
            ("write to the higher", &high, Direction::Write),
            ("read from the higher", &high, Direction::Read),
            ("write to the lower", &low, Direction::Write),
            ("read from the lower", &low, Direction::Read),
        ];
        for (what, socket, direction) in waiting {
            let (socket, notes, mut tries) = (socket.clone(), notes.clone(), 0);
            let body = Generated::new(async move |co: &Co| {
                // The first try fails, and the second notes that it was made.
                let operation = |_: &_| {
                    tries += 1;
                    if tries == 1 {
                        Err(io::ErrorKind::WouldBlock.into())
                    } else {
                        Ok(())
                    }
                };
                socket.attempt(co, direction, operation).await.unwrap();
                notes.borrow_mut().push(what);
            });
            co.spawn(body).await;
        }
        for (what, delay) in [("later timer", 2), ("earlier timer", 1)] {
            let notes = notes.clone();
            let body = Generated::new(async move |co: &Co| {
                co.yield_(Sleep(Duration::from_millis(delay))).await;
                notes.borrow_mut().push(what);
            });
            co.spawn(body).await;
        }
    });
    let notified = Notified::new().unwrap();
    let scheduler = Scheduler::with_selector(Contrary {
        armed: Vec::new(),
        notified,
    });
    scheduler.run(main).unwrap();
    let expected = [
        "earlier timer",
        "later timer",
        "read from the lower",
        "write to the lower",
        "read from the higher",
        "write to the higher",
    ];
    assert_eq!(*log.borrow(), expected);
}
