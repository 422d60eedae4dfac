//! What happens when a receiver is too slow?

use step8_fast_executor::sleep;
use step9_simulation::{Conditions, Fate, Network};

use crate::support::{SECOND, pair, received, steady, virtually};

/// Promise (network): A full queue drops the datagram that comes, and keeps those that it has.
#[test]
fn a_full_queue_drops_what_comes() {
    virtually(async {
        let network = steady();
        let queue = Conditions::default().queue as u64;
        let (here, there) = pair(&network);
        for number in 0..queue + 44 {
            let bytes = number.to_le_bytes();
            here.send_to(&bytes, there.local_addr().unwrap())
                .await
                .unwrap();
        }
        sleep(SECOND).await;
        assert_eq!(
            (
                network.count(Fate::Delivered),
                network.count(Fate::Overflowed)
            ),
            (queue, 44)
        );
        // The first are kept, in order, and there is room again.
        for number in 0..queue {
            assert_eq!(received(&there).await, number.to_le_bytes());
        }
        here.send_to(b"x", there.local_addr().unwrap())
            .await
            .unwrap();
        assert_eq!(received(&there).await, b"x");
    });
}

#[test]
fn a_queue_can_be_of_one() {
    virtually(async {
        let conditions = Conditions {
            queue: 1,
            ..Conditions::default()
        };
        let network = Network::with_conditions(1, conditions).unwrap();
        let (here, there) = pair(&network);
        for byte in [b"a", b"b"] {
            here.send_to(byte, there.local_addr().unwrap())
                .await
                .unwrap();
        }
        assert_eq!(received(&there).await, b"a");
        assert_eq!(network.count(Fate::Overflowed), 1);
    });
}
