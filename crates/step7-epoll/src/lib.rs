//! **Step 7: with `epoll(7)` the kernel keeps the set of sockets.**
//!
//! `select` is handed its whole set at each wait, looks at every descriptor up to the highest one,
//! and hands the whole set back. So the more sockets there are, the more each wait costs, though
//! all but one may be idle. And the set ends at descriptor 1,023.
//!
//! [`Epoll`] mends both. The kernel is told of a socket once, and from then on notes by itself
//! whether it is ready. A wait hands over nothing, and gets back only what is ready. So its cost
//! does not grow with the sockets that are idle, and there may be as many of them as the system
//! lets a process open. It is the same [`Selector`](step4_select::Selector) as before,
//! level-triggered and one-shot, so nothing else changes:
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
//! Most systems let a process open 1,024 files unless it asks for more: [`raise_open_files_limit`]
//! asks.
//!
//! Run the demo with `cargo run --release -p step7-epoll`: a program with 2,000 sockets on both
//! selectors, and then what a round trip costs next to idle sockets. The example `ten_thousand` has
//! ten thousand sockets, each with a task. Linux only: `epoll` exists nowhere else.
//!
//! **What is missing:** each receive costs two system calls besides its own, one to arm its socket
//! and one to wait. The first can be spared: `epoll` can also report each *change* once, for as
//! long as the socket is open. That asks more of its callers than this contract does. Step 8 pays
//! that price.
//!
//! **Its chapter** is [`docs/step7-epoll.md`](../../../docs/step7-epoll.md).
//! **The next step** is [step8-fast-executor](../step8_fast_executor/index.html).

#[cfg(not(target_os = "linux"))]
compile_error!("step7-epoll runs on Linux only, where epoll is: elsewhere use `Select` of step 4");

#[cfg(target_os = "linux")]
pub mod demo;
#[cfg(target_os = "linux")]
mod epoll;
#[cfg(target_os = "linux")]
mod open_files;
#[cfg(target_os = "linux")]
mod sys;

#[cfg(target_os = "linux")]
pub use {epoll::Epoll, open_files::raise_open_files_limit};
