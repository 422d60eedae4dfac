//! Steps 5 and 8, which have the same public names.

use std::fmt::Debug;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use step5_executor as step5;
use step8_fast_executor as step8;

/// An executor, and the functions beside it.
pub(crate) trait Futures: Sized + 'static {
    type Task<T: 'static>: Future<Output = Result<T, Self::Error>>;
    type Error: Debug;
    type Elapsed: Debug;
    type Udp: Udp;

    fn new() -> io::Result<Self>;
    fn block_on<F: Future>(&self, future: F) -> F::Output;
    fn spawn<T: 'static>(future: impl Future<Output = T> + 'static) -> Self::Task<T>;
    fn abort<T: 'static>(task: &Self::Task<T>);
    fn yield_now() -> impl Future<Output = ()>;
    fn sleep(duration: Duration) -> impl Future<Output = ()>;
    fn timeout<F: Future>(
        limit: Duration,
        future: F,
    ) -> impl Future<Output = Result<F::Output, Self::Elapsed>>;
}

/// A UDP socket of a step.
pub(crate) trait Udp: Sized + 'static {
    fn bind(address: SocketAddr) -> io::Result<Self>;
    fn local_addr(&self) -> io::Result<SocketAddr>;
    fn send_to(&self, datagram: &[u8], to: SocketAddr) -> impl Future<Output = io::Result<usize>>;
    fn recv_from(&self, buffer: &mut [u8])
    -> impl Future<Output = io::Result<(usize, SocketAddr)>>;
}

macro_rules! futures_of {
    ($step:ident) => {
        impl Futures for $step::Executor {
            type Task<T: 'static> = $step::JoinHandle<T>;
            type Error = $step::JoinError;
            type Elapsed = $step::Elapsed;
            type Udp = $step::net::UdpSocket;

            fn new() -> io::Result<Self> {
                $step::Executor::new()
            }

            fn block_on<F: Future>(&self, future: F) -> F::Output {
                self.block_on(future)
            }

            fn spawn<T: 'static>(
                future: impl Future<Output = T> + 'static,
            ) -> $step::JoinHandle<T> {
                $step::spawn(future)
            }

            fn abort<T: 'static>(task: &$step::JoinHandle<T>) {
                task.abort();
            }

            fn yield_now() -> impl Future<Output = ()> {
                $step::yield_now()
            }

            fn sleep(duration: Duration) -> impl Future<Output = ()> {
                $step::sleep(duration)
            }

            fn timeout<F: Future>(
                limit: Duration,
                future: F,
            ) -> impl Future<Output = Result<F::Output, $step::Elapsed>> {
                $step::timeout(limit, future)
            }
        }

        impl Udp for $step::net::UdpSocket {
            fn bind(address: SocketAddr) -> io::Result<Self> {
                $step::net::UdpSocket::bind(address)
            }

            fn local_addr(&self) -> io::Result<SocketAddr> {
                self.local_addr()
            }

            fn send_to(
                &self,
                datagram: &[u8],
                to: SocketAddr,
            ) -> impl Future<Output = io::Result<usize>> {
                self.send_to(datagram, to)
            }

            fn recv_from(
                &self,
                buffer: &mut [u8],
            ) -> impl Future<Output = io::Result<(usize, SocketAddr)>> {
                self.recv_from(buffer)
            }
        }
    };
}

futures_of!(step5);
futures_of!(step8);
