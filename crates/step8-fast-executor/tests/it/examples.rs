//! Do the examples `broken` and `load` show what they are for?

use testing::example;

/// Runs an example, and returns what it prints.
fn print(name: &str, arguments: &[&str]) -> String {
    let output = example(name).args(arguments).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Finds a figure by what it counts.
fn figure(figures: &str, what: &str) -> u64 {
    let found = figures.split([',', '\n']).find_map(|figure| {
        let figure = figure
            .rsplit_once(": ")
            .map_or(figure, |(_, figure)| figure);
        figure.trim().strip_suffix(what)?.trim().parse().ok()
    });
    found.unwrap_or_else(|| panic!("no {what:?} in {figures}"))
}

/// Runs a bug's program, and returns the same figure of the broken code and of the right one.
fn both(bug: &str, what: &str) -> [u64; 2] {
    let output = print("broken", &[bug]);
    let line = |title: &str| output.lines().find(|line| line.contains(title)).unwrap();
    ["broken: ", "right: "].map(|title| figure(line(title), what))
}

/// The right code makes do with at most this many, and the broken one needs a hundred times as
/// many.
fn assert_many(bug: &str, what: &str, few: u64) {
    let [broken, right] = both(bug, what);
    assert!(
        right <= few && broken > 100 * few,
        "{bug}: {broken} {what}, and without the bug {right}"
    );
}

#[test]
fn spinning_polls_over_and_over() {
    assert_many("spins-while-idle", "polls", 3);
    assert_many("busy-join", "polls", 5);
}

#[test]
fn coming_back_too_soon_waits_over_and_over() {
    let [broken, right] = both("rounded-down", "waits");
    assert!(right <= 60 && broken > 10 * right, "{broken} and {right}");
    assert_many("held-write-interest", "waits", 3);
}

#[test]
fn waking_all_polls_all() {
    assert_many("wakes-everyone", "polls", 3_002);
}

#[test]
fn keeping_timers_keeps_all_of_them() {
    let entries = both("pushed-again", "entries in the heap");
    assert_eq!(entries, [10_000, 10]);
    assert_many("cancelled-timers", "entries in the heap", 300);
}

#[test]
fn last_in_first_out_starves_the_first() {
    let turns = both("lifo-ready-queue", "turns of the first task");
    assert_eq!(turns, [0, 50_000]);
    let items = both("lifo-waiters", "items for the first task");
    assert_eq!(items, [0, 100]);
}

#[test]
fn looking_at_the_time_only_when_idle_is_late() {
    let [broken, right] = both("starved-timers", "ms until the sleeper of 10 ms continues");
    assert!(broken >= 200 && right >= 10, "{broken} and {right} ms");
}

#[test]
fn returning_early_has_not_waited() {
    let [broken, right] = both("returns-early", "µs until block_on returns");
    assert!(broken < right && right >= 50_000, "{broken} and {right} µs");
}

#[test]
fn wrong_wakes_lead_nowhere() {
    let continued = both("ignored-waker", "of 1 tasks continued after the bell");
    assert_eq!(continued, [0, 1]);
    let [broken, _] = both("unseen-wake", "ms until the message is seen");
    assert!(broken >= 200, "{broken} ms");
    let requests = "requests before it gave up and said so; 0 if it never did";
    assert_eq!(both("lost-datagram", requests), [0, 2]);
}

#[test]
fn stopping_at_a_panic_or_limit_loses_others() {
    assert_eq!(both("panic-kills-loop", "of 9 others finished"), [1, 9]);
    assert_eq!(both("panic-kills-loop", "joiners were told"), [0, 1]);
    assert_eq!(both("bounded-queue", "tasks ran"), [100, 1_000]);
}

#[test]
fn bugs_have_names_of_their_own() {
    let list = print("broken", &[]);
    let names = list.lines().filter_map(|line| line.strip_prefix("  "));
    let names: Vec<_> = names.map(|line| line.split(' ').next()).collect();
    assert_eq!(names.len(), 16, "{list}");
    for name in &names {
        let same = names.iter().filter(|other| *other == name);
        assert_eq!(same.count(), 1, "{name:?}");
    }
}

#[test]
fn unknown_bug_or_load_is_an_error() {
    for (name, argument) in [("broken", "frob"), ("load", "frob")] {
        let output = example(name).arg(argument).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
    }
}

/// Runs a load of a size, and returns its figures.
fn load(name: &str, size: u64) -> impl Fn(&str) -> u64 {
    let output = print("load", &[name, &size.to_string()]);
    let figures = output.split_once('\n').unwrap().1.to_owned();
    move |what| figure(&figures, what)
}

#[test]
fn hundred_thousand_tasks_are_alive_then_none() {
    let figure = load("tasks", 100_000);
    assert_eq!(figure("turns"), 200_000);
    assert_eq!(figure("tasks left"), 0);
    assert!(figure("bytes of memory at most") < 100_000 * 300);
    assert_eq!(figure("bytes not given back"), 0);
}

#[test]
fn hundred_thousand_timers_are_two_polls_each() {
    let figure = load("timers", 100_000);
    assert_eq!(figure("have continued"), 100_000);
    assert_eq!(figure("if in order of arrival"), 1);
    assert_eq!(figure("ns late"), 0);
    // And three of main: it sleeps, joins the first, which is woken before it, and then goes
    // through all the others.
    let polls = figure("polls with those of the main task");
    assert_eq!(polls, 200_003);
}

#[test]
fn spawns_in_a_row_return_what_they_should() {
    let few = load("spawns", 1_000);
    let many = load("spawns", 200_000);
    assert_eq!(many("is the sum of what was returned"), 50_000);
    let peak = "bytes of memory at most";
    assert_eq!(many(peak), few(peak), "more spawns take no more memory");
    assert_eq!(many("bytes not given back"), 0);
}

#[test]
fn mixed_work_in_virtual_time_misses_nothing() {
    // After some minutes there are as many cancelled timers as the heap bears.
    let figure = load("hour", 10);
    // Every 100, 200, 300, 400 and 500 ms, from the first instant on, up to the end.
    assert_eq!(figure("ticks"), 6_000 + 3_000 + 2_000 + 1_500 + 1_200);
    for what in [
        "timeouts that were over",
        "that were not",
        "tasks aborted",
        "tasks that panicked",
    ] {
        assert_eq!(figure(what), 600, "{what}");
    }
    assert_eq!(figure("tasks left"), 0);
    let long = load("hour", 40);
    let peak = "bytes of memory at most";
    assert_eq!(long(peak), figure(peak), "more work takes no more memory");
}
