//! What if nobody reads on, as with `| head`? Then a program ends, quietly.

use std::panic::{self, PanicHookInfo};
use std::process;

/// Ends the program when it cannot print because nobody reads any more: `println!`, which the demos
/// use, panics then.
pub(crate) fn end_when_nobody_reads() {
    fn nobody_reads(panic: &PanicHookInfo) -> bool {
        let message = panic.payload().downcast_ref::<String>();
        message.is_some_and(|message| message.starts_with("failed printing to stdout: Broken pipe"))
    }
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if nobody_reads(panic) {
            process::exit(0);
        }
        report(panic);
    }));
}
