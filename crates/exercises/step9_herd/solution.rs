// Hint: `Random::below` gives a number of nanoseconds below a bound; the bound is `PAUSE` times two
// to the power of `tries - 1`.

use std::time::Duration;

use step8_fast_executor::sleep;
use step9_simulation::Random;

/// The first pause is at most this long.
const PAUSE: Duration = Duration::from_millis(100);

/// Waits before the next try. There have been `tries` before it, at least one.
async fn pause(tries: u32, random: &mut Random) {
    let most = PAUSE * 2_u32.pow(tries - 1);
    sleep(Duration::from_nanos(random.below(most.as_nanos() as u64))).await;
}
