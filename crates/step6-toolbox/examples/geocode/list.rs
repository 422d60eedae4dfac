//! What does it look like in the terminal? A line for each address, the moment it is known.

use std::io::{self, Write};
use std::time::Duration;

use step5_executor::now;
use step6_toolbox::Sequence;

use crate::service::{Lookup, Service};

/// Writes each address as soon as it is looked up, and then how long all took.
///
/// # Errors
///
/// When nothing can be written.
pub(crate) async fn list(
    service: &Service,
    at_once: usize,
    out: &mut impl Write,
) -> io::Result<()> {
    let start = now();
    let (mut count, mut one_after_the_other) = (0, Duration::ZERO);
    let mut lookups = service.look_up_all(at_once);
    while let Some(Lookup {
        address,
        position,
        took,
    }) = lookups.next().await
    {
        count += 1;
        one_after_the_other += took;
        let position = match position {
            Some((latitude, longitude)) => format!("{latitude:7.2} {longitude:7.2}"),
            None => "there is no such address".to_owned(),
        };
        writeln!(
            out,
            "{:6.2} s  {address:34}{position}",
            (now() - start).as_secs_f64()
        )?;
    }
    writeln!(
        out,
        "{count} addresses in {:.2} s, {} at once; one after the other they take {:.2} s.",
        (now() - start).as_secs_f64(),
        service.lookups.most(),
        one_after_the_other.as_secs_f64(),
    )
}
