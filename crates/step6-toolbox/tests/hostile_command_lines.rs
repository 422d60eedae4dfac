//! Is whatever one types at an example taken, or named as wrong, without a panic?

#[path = "../examples/support/command_line.rs"]
mod command_line;
#[path = "../../step4-select/tests/support/hostile_arguments.rs"]
mod hostile_arguments;

use command_line::Argument;

#[test]
fn whatever_one_types_is_taken_or_named_as_wrong() {
    hostile_arguments::feed(20_000, |given| {
        for argument in Argument::read_all(given)? {
            let outcomes = [
                argument.number(1..=1_000).map(drop),
                argument.text().map(drop),
                argument.port().map(drop),
                argument.seconds().map(drop),
            ];
            for outcome in outcomes {
                assert!(
                    outcome.is_ok()
                        || outcome.is_err_and(|message| message.contains(&argument.name))
                );
            }
        }
        Ok(())
    });
}
