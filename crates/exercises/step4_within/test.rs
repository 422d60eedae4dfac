use std::io;
use std::rc::Rc;
use std::time::Duration;

use step4_select::{Clock, Co, Generated, Scheduler, Sleep, Socket};

use super::recv_within;

/// What came, and when, in ms.
type Received = (Option<String>, u128);

const LIMIT: Duration = Duration::from_millis(100);

/// Has a datagram sent after each of these times, in ms, and waits for one with each of so many calls. Gives what came,
/// when by the virtual clock each call was over, and how long it was until no task was left.
fn received(sent_ms: &'static [u64], calls: usize) -> io::Result<(Vec<Received>, u128)> {
    let clock = Clock::virtual_time();
    let (start, now) = (clock.now(), clock.clone());
    let main = Generated::new(async move |co: &Co| {
        let local = "127.0.0.1:0".parse().expect("it is an address");
        let (socket, sender) = (Rc::new(Socket::bind(local)?), Socket::bind(local)?);
        let to = socket.local_addr()?;
        let send = Generated::new(async move |co: &Co| {
            for &pause_ms in sent_ms {
                co.yield_(Sleep(Duration::from_millis(pause_ms))).await;
                sender
                    .send_to(co, b"news", to)
                    .await
                    .expect("it can be sent");
            }
        });
        co.spawn(send).await;
        let give_up = Generated::new(async |co: &Co| {
            co.yield_(Sleep(100 * LIMIT)).await;
            panic!("it goes on waiting when the time is over");
        });
        let give_up = co.spawn(give_up).await;

        let mut all = Vec::new();
        for _ in 0..calls {
            let datagram = recv_within(co, &socket, LIMIT).await?;
            let text = datagram.map(|datagram| String::from_utf8_lossy(&datagram).into_owned());
            all.push((text, (now.now() - start).as_millis()));
        }
        give_up.cancel(co).await;
        io::Result::Ok(all)
    });
    let all = Scheduler::new()?
        .with_clock(clock.clone())
        .run(main)
        .expect("nobody waits for ever")?;
    Ok((all, (clock.now() - start).as_millis()))
}

/// Passes when the exercise is solved.
pub(crate) fn check() {
    let news = || Some("news".to_owned());
    let received = |sent_ms, calls| received(sent_ms, calls).expect("the sockets do not fail");
    assert_eq!(
        received(&[], 1),
        (vec![(None, 100)], 100),
        "nothing came in time"
    );
    assert_eq!(received(&[30], 1).0, [(news(), 30)], "it came in time");
    assert_eq!(
        received(&[30], 1).1,
        30,
        "nobody sleeps on when the datagram is there"
    );
    assert_eq!(
        received(&[150], 2).0,
        [(None, 100), (news(), 150)],
        "what comes late is for the next call"
    );
}
