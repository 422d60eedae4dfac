//! Does an executor bear a load, and does it do the same as without one? The example `load` runs these in full size.

#[allow(dead_code, reason = "the example uses all of it")]
#[path = "../examples/load/loads.rs"]
mod loads;
#[path = "../../step4-select/tests/support/watchdog.rs"]
mod watchdog;

use loads::LOADS;
use watchdog::within_a_minute;

/// Runs a load, and returns what came out.
fn figures(name: &str, size: u64) -> impl Fn(&str) -> u64 {
    let load = LOADS.iter().find(|load| load.name == name).unwrap();
    let figures = (load.run)(size);
    move |what| {
        figures
            .iter()
            .find(|figure| figure.1 == what)
            .unwrap_or_else(|| panic!("no {what:?} in it"))
            .0
    }
}

#[test]
fn a_hundred_thousand_tasks_are_alive_at_once_and_then_none() {
    within_a_minute(|| {
        let figure = figures("tasks", 100_000);
        assert_eq!((figure("turns"), figure("tasks left")), (200_000, 0));
    });
}

#[test]
fn a_hundred_thousand_timers_due_in_the_same_instant_are_two_polls_each_and_in_order() {
    within_a_minute(|| {
        let figure = figures("timers", 100_000);
        assert_eq!(
            (
                figure("have gone on"),
                figure("if in order of arrival"),
                figure("ns late")
            ),
            (100_000, 1, 0)
        );
        // And three of main: it sleeps, joins the first, which is woken before it, and then goes through all the others.
        assert_eq!(
            figure("polls in all, with those of who waits for them"),
            200_003
        );
    });
}

#[test]
fn a_hundred_thousand_spawns_one_after_the_other_all_return_what_they_should() {
    within_a_minute(|| {
        assert_eq!(
            figures("spawns", 100_000)("is the sum of what was returned"),
            25_000
        )
    });
}

#[test]
fn ten_minutes_of_mixed_work_by_the_virtual_clock_miss_nothing() {
    within_a_minute(|| {
        let figure = figures("hour", 10);
        // Every 100, 200, 300, 400 and 500 ms, from the first instant on, up to the end.
        assert_eq!(figure("ticks"), 6_000 + 3_000 + 2_000 + 1_500 + 1_200);
        for what in [
            "datagrams answered",
            "timeouts that were over",
            "that were not",
            "tasks aborted",
        ] {
            assert_eq!(figure(what), 600, "{what}");
        }
        assert_eq!(
            (figure("tasks that panicked"), figure("tasks left")),
            (600, 0)
        );
    });
}
