// Exercise: a herd of clients that all try again at the same moment.
//
// A hundred clients ask a server whose queue has room for sixteen. Most requests are dropped. All
// clients wait for the same time, and then they come together again. Let each client wait for a
// time of its own: a random one, from a range that doubles with each try.

use std::time::Duration;

use step8_fast_executor::sleep;
use step9_simulation::Random;

/// The first pause is at most this long.
const PAUSE: Duration = Duration::from_millis(100);

/// Waits before the next try. There have been `tries` before it, at least one.
async fn pause(_tries: u32, _random: &mut Random) {
    sleep(PAUSE).await;
}
