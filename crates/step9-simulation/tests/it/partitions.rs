//! Whom does a partition part, and for how long?

use std::time::Duration;

use step8_fast_executor::{now, sleep, timeout};
use step9_simulation::{Fate, Network};

use crate::support::{MS, SECOND, address, pair, received, steady, virtually};

/// Promise (network): A partition parts both directions, and ends at its time.
#[test]
fn a_partition_parts_both_directions_for_a_time() {
    virtually(async {
        let network = steady();
        let (here, there) = pair(&network);
        let (near, far) = (here.local_addr().unwrap(), there.local_addr().unwrap());
        network.partition(&[near.ip()], 2 * SECOND);
        let end = now() + 2 * SECOND;
        here.send_to(b"a", far).await.unwrap();
        there.send_to(b"b", near).await.unwrap();
        sleep(2 * SECOND - MS).await;
        here.send_to(b"c", far).await.unwrap();
        assert_eq!(network.count(Fate::CutOff), 3);
        step8_fast_executor::sleep_until(end).await;
        here.send_to(b"d", far).await.unwrap();
        assert_eq!(received(&there).await, b"d");
        assert_eq!(network.count(Fate::CutOff), 3);
    });
}

#[test]
fn hosts_on_the_same_side_hear_each_other() {
    virtually(async {
        let network = Network::new(1);
        let (here, there) = pair(&network);
        let third = network.bind(address("10.0.0.3:0")).unwrap();
        let (near, far) = (here.local_addr().unwrap(), there.local_addr().unwrap());
        network.partition(&[near.ip(), far.ip()], SECOND);
        here.send_to(b"a", far).await.unwrap();
        assert_eq!(received(&there).await, b"a");
        third.send_to(b"b", far).await.unwrap();
        assert!(timeout(10 * MS, received(&there)).await.is_err());
        assert_eq!(network.count(Fate::CutOff), 1);
    });
}

#[test]
fn what_is_under_way_arrives() {
    virtually(async {
        let network = steady();
        let (here, there) = pair(&network);
        let far = there.local_addr().unwrap();
        here.send_to(b"a", far).await.unwrap();
        network.partition(&[far.ip()], SECOND);
        assert_eq!(received(&there).await, b"a");
    });
}

#[test]
fn a_partition_can_be_forever() {
    virtually(async {
        let network = steady();
        let (here, there) = pair(&network);
        let far = there.local_addr().unwrap();
        network.partition(&[far.ip()], Duration::MAX);
        sleep(1_000_000 * SECOND).await;
        here.send_to(b"x", far).await.unwrap();
        assert_eq!(network.count(Fate::CutOff), 1);
    });
}

#[test]
fn a_partition_stops_a_refusal() {
    virtually(async {
        let network = steady();
        let (here, gone) = pair(&network);
        let nowhere = gone.local_addr().unwrap();
        drop(gone);
        here.connect(nowhere).unwrap();
        here.send(b"hello?").await.unwrap();
        // It is under way, and arrives. The answer that there is no socket does not.
        network.partition(&[nowhere.ip()], SECOND);
        assert!(timeout(SECOND, here.recv(&mut [0])).await.is_err());
        assert_eq!(network.count(Fate::Unclaimed), 1);
    });
}
