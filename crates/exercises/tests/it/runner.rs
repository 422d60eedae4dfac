//! Does the runner tell what is solved?

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use exercises::{Course, Outcome};

fn program(arguments: &[&str]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_exercises"));
    program.args(arguments).output().unwrap()
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Returns the one line of an error.
fn error(arguments: &[&str]) -> String {
    let output = program(arguments);
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).unwrap()
}

/// A course of one exercise, `step1_double`.
struct Scratch(PathBuf);

impl Scratch {
    fn new(test: &str) -> Scratch {
        // Outside of the workspace: a crate in its folder would have to be a member.
        let name = format!("exercises-{test}-{}", std::process::id());
        let scratch = Scratch(std::env::temp_dir().join(name));
        fs::create_dir_all(scratch.0.join("crates/exercises/step1_double")).unwrap();
        scratch.write(
            "exercise.rs",
            "// Exercise: twice as much.\n\nfn double(n: u32) -> u32 {\n    n\n}\n",
        );
        scratch.write("solution.rs", "// Hint: add it\n// to itself.\n");
        scratch.write(
            "test.rs",
            "#[test]\nfn it_doubles() {\n    assert_eq!(super::double(2), 4);\n}\n",
        );
        scratch
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(
            self.0.join("crates/exercises/step1_double").join(file),
            text,
        )
        .unwrap();
    }

    fn course(&self) -> Course {
        let folder = self.0.join("crates/exercises");
        Course::new(&["step1_double"], &folder, self.0.join("workshop"))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn all_are_listed_in_order_with_what_is_next() {
    let output = program(&[]);
    assert!(output.status.success());
    let printed = printed(&output);
    let names = [
        "step1_by_hand",
        "step1_weights",
        "step2_park",
        "step8_completion",
    ];
    let places = names.map(|name| printed.find(&format!("] {name}")).expect(name));
    assert!(places.is_sorted(), "{printed}");
    assert!(printed.contains("exercises are solved:\n"), "{printed}");
}

#[test]
fn a_mistyped_name_is_an_error_with_the_nearest() {
    let named = "is not an exercise: did you mean step1_by_hand?\n";
    assert!(error(&["step1_byhand"]).ends_with(named));
    assert!(error(&["by_hand"]).ends_with(named));
    let none = "exercises: \"cook\" is not an exercise: without a name, all are listed\n";
    assert_eq!(error(&["cook"]), none);
}

#[test]
fn other_mistakes_are_errors_too() {
    assert!(error(&["--hint"]).contains("give the name of an exercise before"));
    assert!(error(&["step1_by_hand", "step1_spawn"]).contains("one exercise at a time"));
    assert!(error(&["--hnit"]).contains("did you mean --hint?"));
}

#[test]
fn a_hint_is_printed_for_each_way_to_ask() {
    for arguments in [
        &["step1_by_hand", "--hint"][..],
        &["--hint", "step1_by_hand"],
        &["step1_by_hand", "--", "--hint"],
    ] {
        let output = program(arguments);
        assert!(output.status.success());
        assert!(printed(&output).starts_with("Hint: the second loop"));
    }
}

#[test]
fn a_check_with_a_name_is_of_that_one_only() {
    for arguments in [["--check", "step1_by_hand"], ["step1_by_hand", "--check"]] {
        let printed = printed(&program(&arguments));
        // What it finds depends on whether the reader has solved it.
        let is_of_it = |line: &str| line.starts_with("step1_by_hand: ");
        assert!(
            !printed.is_empty() && printed.lines().all(is_of_it),
            "{printed}"
        );
    }
}

#[test]
fn each_exercise_has_a_title_and_a_hint() {
    let course = Course::of_the_book().unwrap();
    for exercise in course.exercises() {
        let (title, hint) = (exercise.title().unwrap(), exercise.hint().unwrap());
        assert!((5..70).contains(&title.len()), "{title}");
        assert!(hint.starts_with("Hint: "), "{}: {hint}", exercise.name());
    }
}

#[test]
fn each_folder_is_in_the_list() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/list.rs");
    let list = fs::read_to_string(folder).unwrap();
    for entry in fs::read_dir(env!("CARGO_MANIFEST_DIR")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.starts_with("step") {
            let is_listed = list.contains(&format!("    {name},\n"));
            assert!(is_listed, "{name} is not in list.rs");
        }
    }
}

#[test]
fn an_exercise_is_broken_unsolved_or_solved() {
    let scratch = Scratch::new("outcomes");
    let course = scratch.course();
    let exercise = course.find("step1_double").unwrap();
    assert_eq!(exercise.title().unwrap(), "twice as much");
    assert_eq!(exercise.hint().unwrap(), "Hint: add it\nto itself.");

    assert_eq!(exercise.attempt(false).unwrap(), Outcome::Unsolved);
    assert!(!exercise.is_solved() && course.next().is_some());

    scratch.write("exercise.rs", "fn double(n: u32) -> u32 { n +");
    assert_eq!(exercise.attempt(false).unwrap(), Outcome::Broken);

    scratch.write("exercise.rs", "fn double(n: u32) -> u32 {\n    n + n\n}\n");
    assert!(!exercise.is_solved(), "it was not tried");
    assert_eq!(exercise.attempt(false).unwrap(), Outcome::Solved);
    assert!(exercise.is_solved() && course.next().is_none());

    scratch.write("exercise.rs", "fn double(n: u32) -> u32 {\n    n\n}\n");
    assert!(!exercise.is_solved(), "it has changed since");
}

#[test]
fn an_exercise_may_use_the_steps_up_to_its_own() {
    let scratch = Scratch::new("steps");
    for (step, source) in [
        ("step1-one", "pub fn two() -> u32 { 2 }"),
        ("step2-two", "not rust"),
    ] {
        let folder = scratch.0.join("crates").join(step);
        fs::create_dir_all(folder.join("src")).unwrap();
        let manifest = format!("[package]\nname = \"{step}\"\n\n[workspace]\n");
        fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        fs::write(folder.join("src/lib.rs"), source).unwrap();
    }
    scratch.write(
        "exercise.rs",
        "fn double(n: u32) -> u32 {\n    n * step1_one::two()\n}\n",
    );
    let course = scratch.course();
    assert_eq!(
        course.exercises()[0].attempt(false).unwrap(),
        Outcome::Solved
    );
}

#[test]
fn what_is_wrong_as_it_comes_is_found() {
    let scratch = Scratch::new("check");
    let course = scratch.course();
    let problems = || exercises::problems(&course.exercises()[0]).unwrap();
    fs::create_dir(scratch.0.join("docs")).unwrap();
    let missing = "no page of the book has `cargo run -p exercises step1_double`";
    assert_eq!(problems(), [missing]);
    let page = "```sh\ncargo run -p exercises step1_double\n```\n";
    fs::write(scratch.0.join("docs/page.md"), page).unwrap();
    assert_eq!(problems(), [""; 0]);

    scratch.write("exercise.rs", "fn double(n: u32) -> u32 { n + n }");
    let found = [
        "it is solved already",
        "rustfmt would change its exercise.rs",
    ];
    assert_eq!(problems(), found);
    scratch.write("exercise.rs", "fn double(n: u32) -> u32 {\n    n + m\n}\n");
    let [broken] = &problems()[..] else { panic!() };
    assert!(broken.starts_with("it does not compile: `cargo run -p exercises "));
}
