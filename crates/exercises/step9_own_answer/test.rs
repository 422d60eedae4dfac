use std::net::SocketAddr;
use std::time::Duration;

use step8_fast_executor::{Executor, now, sleep, spawn, timeout};
use step9_simulation::{Chance, Conditions, Latency, Network, UdpSocket};

use super::{LIMIT, TRIES, ask};

const REQUESTS: u32 = 10;

async fn serve(socket: UdpSocket) {
    let mut buffer = [0; 64];
    loop {
        let (length, client) = socket.recv_from(&mut buffer).await.unwrap();
        let answer = format!("answer to {}", String::from_utf8_lossy(&buffer[..length]));
        socket.send_to(answer.as_bytes(), client).await.unwrap();
    }
}

/// Makes requests on a network with this seed, and returns each with its answer.
fn answers(seed: u64) -> Vec<(String, Option<String>)> {
    Executor::with_virtual_time().unwrap().block_on(async {
        let conditions = Conditions {
            latency: Latency::LongTail {
                least: Duration::from_millis(10),
                usual: Duration::from_millis(40),
                most: Duration::from_secs(5),
            },
            loss: Chance::percent(5),
            ..Conditions::default()
        };
        let network = Network::with_conditions(seed, conditions).unwrap();
        let address: SocketAddr = "10.0.0.1:53".parse().unwrap();
        drop(spawn(serve(network.bind(address).unwrap())));
        let socket = network.bind("10.0.0.2:0".parse().unwrap()).unwrap();
        socket.connect(address).unwrap();
        let mut answers = Vec::new();
        for number in 0..REQUESTS {
            let request = number.to_string();
            let answer = ask(&socket, &request).await;
            answers.push((request, answer));
        }
        answers
    })
}

#[test]
fn no_answer_is_taken_for_another() {
    for seed in 0..300 {
        for (request, answer) in answers(seed) {
            let expected = format!("answer to {request}");
            if let Some(answer) = answer {
                assert_eq!(
                    answer, expected,
                    "with seed {seed} an answer is taken for that to {request:?}"
                );
            }
        }
    }
}

/// The server sends, again and again, an answer that was not asked for.
#[test]
fn the_limit_is_for_the_whole_try() {
    Executor::with_virtual_time().unwrap().block_on(async {
        let network = Network::new(1);
        let server = network.bind("10.0.0.1:53".parse().unwrap()).unwrap();
        let client = network.bind("10.0.0.2:0".parse().unwrap()).unwrap();
        client.connect(server.local_addr().unwrap()).unwrap();
        let to = client.local_addr().unwrap();
        let chatter = spawn(async move {
            loop {
                server.send_to(b"answer to another", to).await.unwrap();
                sleep(LIMIT / 4).await;
            }
        });
        let start = now();
        let answer = timeout(100 * LIMIT, ask(&client, "this")).await;
        assert_eq!(
            answer,
            Ok(None),
            "what was asked is never answered, so it gives up"
        );
        let all_tries = TRIES * LIMIT;
        assert_eq!(
            now() - start,
            all_tries,
            "each of {TRIES} tries ends after {LIMIT:?}, whatever else is received"
        );
        chatter.abort();
    });
}

#[test]
fn nearly_all_requests_are_answered() {
    let all = (0..300).flat_map(answers);
    let answered = all.filter(|(_, answer)| answer.is_some()).count();
    assert!(
        answered > 2_950,
        "of 3000 requests {answered} are answered, where more than 2950 can be"
    );
}
