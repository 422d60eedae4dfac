//! Is the picture of a program under the virtual clock, or without one, the same each time?

mod support;

use step2_round_robin::{Co as Co2, Generated, Turn};
use step3_sleeping_heap::{Cancelled, Clock, Co, Request, Scheduler, Sleep};
use step5_executor::{sleep, spawn, timeout, yield_now};
use support::{SECOND, drawn, recorded2};
use timeline::{Asks, Picture, Recorder};

#[track_caller]
fn assert_drawn(drawn: &str, expected: &str) {
    assert!(drawn == expected, "drawn:\n{drawn}\nexpected:\n{expected}");
}

#[test]
fn letters_in_turns_as_in_step_1() {
    let recorder = Recorder::without_clock();
    let letters = ["ABC", "XY"].map(|name| recorder.watch(name, name.chars()));
    assert_eq!(
        step1_interleaver::interleave(letters).collect::<String>(),
        "AXBYC"
    );
    let expected = "\
ABC   ████░░░░████░░░░████░░░░████
XY    ░░░░████░░░░████░░░░████····
      ┬───┬───┬───┬───┬───┬───┬───
turn  1   2   3   4   5   6   7
7 resumes, 7 wakes, 0 waits
█ running  ░ ready  · done
";
    assert_drawn(&Picture::from(recorder.recording()).to_text(60), expected);
}

#[test]
fn a_parent_and_two_children_as_in_step_2() {
    async fn turns(co: &Co2, count: u32) {
        for _ in 0..count {
            co.yield_(Turn).await;
        }
    }
    let recording = recorded2(async |co: &Co2| {
        let two = co
            .spawn_named("two", Generated::new(async |co: &Co2| turns(co, 2).await))
            .await;
        let four = co
            .spawn_named("four", Generated::new(async |co: &Co2| turns(co, 4).await))
            .await;
        two.join(co).await.unwrap();
        four.join(co).await.unwrap();
    });
    let expected = "\
main  ████jjjjjjjjjjjjjjjjjjjj░░░░████jjjjjjjj████
two       ████░░░░████░░░░████····················
four      ░░░░████░░░░████░░░░████░░░░████████····
      ┬───┬───┬───┬───┬───┬───┬───┬───┬───┬───┬───
turn  1   2   3   4   5   6   7   8   9   10  11
13 resumes, 11 wakes, 2 waits: 2 joining
█ running  ░ ready  j joining  · done
";
    assert_drawn(&Picture::from(recording).to_text(60), expected);
}

/// The tasks' rows of both are alike; the counts are not, because a generator is also resumed after each request.
const AS_TWO_TASKS: &str = "\
main    █jjjjjjjjjjjjjjjjjjjj█jjjjjjjjjjjjjjjjjjjj█
task 1  █zzzzzzzzzzzzzzzzzzzz█·····················
task 2  █zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz█
        ┬──────────┬─────────┬──────────┬─────────┬
        0          0.5       1          1.5     2 s
";

#[test]
fn two_sleepers_as_in_step_3() {
    let clock = Clock::virtual_time();
    let recorder = Recorder::with_clock({
        let clock = clock.clone();
        move || clock.now()
    });
    let main = Generated::new(async |co: &Co| {
        let hello = co
            .spawn(Generated::new(async |co: &Co| {
                co.yield_(Sleep(SECOND)).await
            }))
            .await;
        let goodbye = co
            .spawn(Generated::new(async |co: &Co| {
                co.yield_(Sleep(2 * SECOND)).await
            }))
            .await;
        hello.join(co).await?;
        goodbye.join(co).await?;
        Ok::<(), Cancelled>(())
    });
    let observer = recorder.generators(|request: &Request| match request {
        Request::Join(task) => Asks::Join(*task),
        Request::Sleep(duration) => Asks::Sleep(*duration),
        _ => Asks::Nothing,
    });
    Scheduler::new()
        .with_clock(clock)
        .with_observer(observer)
        .run(main)
        .unwrap()
        .unwrap();
    let counts = "9 resumes, 7 wakes, 4 waits: 2 sleeping, 2 joining\n";
    let legend = "█ running  z sleeping  j joining  · done\n";
    assert_drawn(
        &Picture::from(recorder.recording()).to_text(51),
        &format!("{AS_TWO_TASKS}{counts}{legend}"),
    );
}

#[test]
fn two_sleepers_as_in_step_5() {
    let drawn = drawn(51, async {
        let hello = spawn(sleep(SECOND));
        let goodbye = spawn(sleep(2 * SECOND));
        hello.await.unwrap();
        goodbye.await.unwrap();
    });
    let counts = "7 resumes, 7 wakes, 4 waits: 2 sleeping, 2 joining\n";
    let legend = "█ running  z sleeping  j joining  · done\n";
    assert_drawn(&drawn, &format!("{AS_TWO_TASKS}{counts}{legend}"));
}

/// A server that has a second for each of three requests, and needs more for the last.
#[test]
fn all_states_at_once() {
    let program = || {
        drawn(60, async {
            let [server, client] = [(); 2].map(|()| support::socket());
            let address = server.local_addr().unwrap();
            let server = spawn(async move {
                let mut buffer = [0; 8];
                for delay in [1, 2, 9] {
                    let (_, from) = server.recv_from(&mut buffer).await.unwrap();
                    sleep(delay * SECOND / 4).await;
                    server.send_to(b"yes", from).await.unwrap();
                }
            });
            let client = spawn(async move {
                for _ in 0..3 {
                    client.send_to(b"please", address).await.unwrap();
                    _ = timeout(SECOND, client.recv(&mut [0; 8])).await;
                    sleep(SECOND / 4).await;
                }
            });
            let silent = spawn(std::future::pending::<()>());
            drop(spawn(async {
                yield_now().await;
                panic!("as planned")
            }));
            client.await.unwrap();
            silent.abort();
            server.abort();
        })
    };
    let expected = "\
main    █jjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjjj█
task 1  █zzzz█ssss█zzzzzzzzz█sssss█zzzzzzzzzzzzzzzzzzzzzzzzx
task 2  █ssss█zzzz█sssssssss█zzzzz█sssssssssssssssssss█zzzz█
task 3  █wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwx
task 4  !···················································
        ┬─────────┬─────────┬──────────┬─────────┬─────────┬
        0         0.5       1          1.5       2     2.5 s
18 resumes, 18 wakes, 14 waits: 6 sleeping, 6 waiting for a
  socket, 1 joining, 1 waiting
█ running  z sleeping  s waiting for a socket  j joining
w waiting  · done  x cancelled  ! panicked
";
    assert_drawn(&program(), expected);
    assert_drawn(&program(), expected);
}
