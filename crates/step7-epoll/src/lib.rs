//! **Step 7: with `epoll(7)` the kernel keeps the set of sockets.**
//!
//! `select` is handed its whole set at each wait, looks at every descriptor up to the highest one, and hands the whole
//! set back. So the more sockets there are, the more each wait costs, though all but one may be idle. And the set ends
//! at descriptor 1,023.
//!
//! [`Epoll`] mends both. A socket is made known to the kernel once, and from then on the kernel notes by itself which
//! sockets are ready. A wait hands over nothing, and gets back only what is ready: its cost does not grow with the
//! sockets that are idle, and there may be as many as the system lets a process open. It is the same
//! [`Selector`](step4_select::Selector) as before, so nothing else changes:
//!
//! ```
//! use step5_executor::{Executor, net::UdpSocket};
//! use step7_epoll::Epoll;
//!
//! let executor = Executor::with_selector(Epoll::new()?)?;
//! let received = executor.block_on(async {
//!     let any = "127.0.0.1:0".parse().unwrap();
//!     let (here, there) = (UdpSocket::bind(any)?, UdpSocket::bind(any)?);
//!     here.send_to(b"hello", there.local_addr()?).await?;
//!     there.recv(&mut [0; 16]).await
//! })?;
//! assert_eq!(received, 5);
//! # std::io::Result::Ok(())
//! ```
//!
//! There is a price, and it was paid in step 4 already. `select` says what *is* ready, and `epoll`, used as it is here,
//! what *got* ready: it is edge-triggered. Whoever does not try first, and ask only after `WouldBlock`, may wait for a
//! change that has already happened. The contract of `Selector` asks for just that order. The example `lost_edge` shows
//! the wrong one.
//!
//! Most systems let a process open 1,024 files unless it asks for more: [`raise_open_files_limit`] asks.
//!
//! Run the demo with `cargo run --release -p step7-epoll`: a program with 2,000 sockets on both selectors, and then
//! what a round trip costs next to idle sockets. Linux only: `epoll` exists nowhere else.

#[cfg(not(target_os = "linux"))]
compile_error!("step7-epoll runs on Linux only, where epoll is: elsewhere use `Select` of step 4");

#[cfg(target_os = "linux")]
pub mod demo;
#[cfg(target_os = "linux")]
mod epoll;
#[cfg(target_os = "linux")]
mod open_files;
#[cfg(target_os = "linux")]
mod options;
#[cfg(target_os = "linux")]
mod sys;

#[cfg(target_os = "linux")]
pub use {epoll::Epoll, open_files::raise_open_files_limit, options::Options};
