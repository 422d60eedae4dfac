//! The service that knows where addresses are. It is slow, and each answer takes its own time.

use std::time::Duration;

use http::Live;
use step5_executor::{now, sleep};
use step6_toolbox::{AsyncIterator, map_bounded};

use crate::cities::{CITIES, LEGENDS};

/// A service that looks addresses up. Clones are the same service.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    /// How long the slowest answer takes. The quickest takes a tenth of that.
    pub(crate) slowest: Duration,
    /// Counts the lookups that run.
    pub(crate) lookups: Live,
}

/// What became of an address.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Lookup {
    pub(crate) address: &'static str,
    /// Latitude and longitude in degrees. `None` if there is no such address.
    pub(crate) position: Option<(f64, f64)>,
    /// How long it took.
    pub(crate) took: Duration,
}

/// Returns all addresses: those of cities, mixed with some that are nowhere. The order is the same
/// each time.
pub(crate) fn addresses() -> Vec<&'static str> {
    let mut addresses: Vec<_> = CITIES.iter().map(|city| city.0).chain(LEGENDS).collect();
    addresses.sort_by_key(|address| hash(address));
    addresses
}

/// FNV-1a, 64 bits, by Fowler, Noll and Vo: the same number for the same address.
fn hash(address: &str) -> u64 {
    address.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

impl Service {
    pub(crate) fn new(slowest: Duration) -> Service {
        Service {
            slowest,
            lookups: Live::default(),
        }
    }

    /// Looks an address up.
    pub(crate) async fn look_up(&self, address: &'static str) -> Lookup {
        let _guard = self.lookups.enter();
        let start = now();
        // From a tenth to the whole, in thousandths. The highest bits decide the order, so these
        // are other bits.
        let thousandths = 100 + u32::try_from(hash(address) % 901).expect("it is below 901");
        sleep(self.slowest * thousandths / 1_000).await;
        let position = CITIES
            .iter()
            .find(|city| city.0 == address)
            .map(|city| (city.1, city.2));
        Lookup {
            address,
            position,
            took: now() - start,
        }
    }

    /// Looks all addresses up, at most `at_once` of them at the same time, and yields each as soon
    /// as it is known.
    pub(crate) fn look_up_all(&self, at_once: usize) -> impl AsyncIterator<Item = Lookup> {
        map_bounded(at_once, addresses(), |address| self.look_up(address))
    }
}

impl Lookup {
    /// Returns it as a line of JSON. No address contains anything that would have to be escaped.
    pub(crate) fn to_json(self) -> String {
        let (latitude, longitude) = match self.position {
            Some((latitude, longitude)) => (latitude.to_string(), longitude.to_string()),
            None => ("null".to_owned(), "null".to_owned()),
        };
        let Lookup { address, took, .. } = self;
        let ms = took.as_millis();
        format!(
            "{{\"address\": \"{address}\", \"latitude\": {latitude}, \"longitude\": {longitude}, \"ms\": {ms}}}\n"
        )
    }
}
