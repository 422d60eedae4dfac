//! What can keep a server from starting?

use std::io::ErrorKind;
use std::net::UdpSocket;

use delay_server::{DelayServer, Settings};

#[test]
fn a_number_of_workers_out_of_range_is_refused() {
    for workers in [0, Settings::MAX_WORKERS + 1, usize::MAX] {
        let error = DelayServer::start_local(Settings {
            workers,
            ..Settings::default()
        })
        .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(
            error.to_string(),
            format!("workers is {workers}, and must be from 1 to 1024")
        );
    }
}

#[test]
fn a_port_in_use_is_refused() {
    let other = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap();
    let error = DelayServer::start(address, Settings::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
}

#[test]
fn servers_on_free_ports_do_not_collide() {
    let first = DelayServer::start_local(Settings::default()).unwrap();
    let second = DelayServer::start_local(Settings::default()).unwrap();
    assert_ne!(first.local_addr(), second.local_addr());
}
