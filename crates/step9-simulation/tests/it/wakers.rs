//! May a waker use the very socket that clones, wakes or drops it?

use std::cell::RefCell;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use step9_simulation::{Network, UdpSocket};
use testing::clone_hook::{Hooked, at_next_clone, at_next_drop};

use crate::support::{address, received, virtually};

thread_local!(static AT_WAKE: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) });

/// A waker that runs what is in [`AT_WAKE`].
struct Runs;

impl Wake for Runs {
    fn wake(self: Arc<Self>) {
        if let Some(run) = AT_WAKE.take() {
            run();
        }
    }
}

fn poll<F: Future>(future: Pin<&mut F>, waker: &Waker) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(waker))
}

/// Makes a socket on a network where nothing takes time, and what sends it a datagram.
fn socket() -> (Rc<UdpSocket>, impl Fn() + Clone + 'static) {
    let socket = Network::new(1).bind(address("10.0.0.1:53")).unwrap();
    let socket = Rc::new(socket);
    let sender = Rc::clone(&socket);
    let send = move || {
        let sent = pin!(sender.send_to(b"x", sender.local_addr().unwrap()));
        assert!(matches!(poll(sent, Waker::noop()), Poll::Ready(Ok(1))));
    };
    (socket, send)
}

#[test]
fn a_waker_may_send_when_it_is_woken() {
    virtually(async {
        let (socket, send) = socket();
        let mut buffer = [0];
        let mut receive = pin!(socket.recv(&mut buffer));
        assert!(poll(receive.as_mut(), &Arc::new(Runs).into()).is_pending());
        AT_WAKE.set(Some(Box::new(send.clone())));
        send();
        assert_eq!(receive.await.unwrap(), 1);
        assert_eq!(received(&socket).await, b"x");
    });
}

#[test]
fn the_next_in_line_may_send_when_it_is_woken() {
    virtually(async {
        let (socket, send) = socket();
        let mut buffers = [[0]; 2];
        let [first, second] = &mut buffers;
        let mut first = Box::pin(socket.recv(first));
        let mut second = pin!(socket.recv(second));
        assert!(poll(first.as_mut(), Waker::noop()).is_pending());
        assert!(poll(second.as_mut(), &Arc::new(Runs).into()).is_pending());
        send();
        AT_WAKE.set(Some(Box::new(send)));
        drop(first);
        assert_eq!(second.await.unwrap(), 1);
        assert_eq!(received(&socket).await, b"x");
    });
}

#[test]
fn a_waker_may_send_when_it_is_cloned() {
    virtually(async {
        let (socket, send) = socket();
        let (hooked, waker) = Hooked::new();
        let mut buffer = [0];
        let mut receive = Box::pin(socket.recv(&mut buffer));
        at_next_clone(send.clone());
        assert!(poll(receive.as_mut(), &waker).is_pending());
        assert_eq!(hooked.wakes(), 1);
        assert!(poll(receive.as_mut(), &waker).is_ready());
        drop(receive);
        let mut receive = pin!(socket.recv(&mut buffer));
        assert!(poll(receive.as_mut(), &waker).is_pending());
        at_next_clone(send);
        assert!(poll(receive.as_mut(), &waker).is_ready());
    });
}

#[test]
fn a_waker_may_send_when_it_is_dropped() {
    virtually(async {
        let (socket, send) = socket();
        let (hooked, waker) = Hooked::new();
        let (other, other_waker) = Hooked::new();
        let mut buffer = [0];
        let mut receive = Box::pin(socket.recv(&mut buffer));
        assert!(poll(receive.as_mut(), &waker).is_pending());
        // The other one takes its place, and is woken by what it sends.
        at_next_drop(send.clone());
        assert!(poll(receive.as_mut(), &other_waker).is_pending());
        assert_eq!((hooked.wakes(), other.wakes()), (0, 1));
        assert!(poll(receive.as_mut(), &other_waker).is_ready());
        drop(receive);
        let mut receive = Box::pin(socket.recv(&mut buffer));
        assert!(poll(receive.as_mut(), &waker).is_pending());
        at_next_drop(send);
        drop(receive);
        assert_eq!(received(&socket).await, b"x");
    });
}
