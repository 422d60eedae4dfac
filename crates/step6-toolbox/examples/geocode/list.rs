//! The addresses in the terminal: a line for each, the moment it is known.

use std::time::Duration;

use step5_executor::now;
use step6_toolbox::AsyncIterator;

use crate::service::{Lookup, Service};

/// Prints each address as soon as it is looked up, and then how long all took.
pub(crate) async fn list(service: &Service, at_once: usize, mut print: impl FnMut(String)) {
    let start = now();
    let since_start = || (now() - start).as_secs_f64();
    let (mut count, mut one_after_another) = (0, Duration::ZERO);
    let mut lookups = service.look_up_all(at_once);
    while let Some(lookup) = lookups.next().await {
        let Lookup {
            address,
            position,
            took,
        } = lookup;
        count += 1;
        one_after_another += took;
        let position = match position {
            Some((latitude, longitude)) => format!("{latitude:7.2} {longitude:7.2}"),
            None => "there is no such address".to_owned(),
        };
        print(format!("{:6.2} s  {address:34}{position}", since_start()));
    }
    print(format!(
        "{count} addresses in {:.2} s, {} at once; one after another they take {:.2} s.",
        since_start(),
        service.lookups.most(),
        one_after_another.as_secs_f64(),
    ));
}
