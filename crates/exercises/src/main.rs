//! `cargo run -p exercises [NAME]`: lists the exercises, or tells whether one is solved.
#![forbid(unsafe_code)]

use std::process::ExitCode;
use std::time::Duration;
use std::{slice, thread};

use cli::Error;
use exercises::{Course, Exercise, Outcome, problems};

const HELP: &str = "\
Lists the book's exercises, or builds and tests one of them.

Usage: cargo run -p exercises [NAME [--hint | --watch]]
       cargo run -p exercises -- --check [NAME]

  NAME     an exercise, such as step1_by_hand
  --hint   print a hint
  --watch  test it again at each save, until it is solved
  --check  try NAME, or all, as they come: each must compile, fail its tests,
           be laid out by rustfmt, and be in the book
  --help   print this
";

/// How long to wait between two looks at a file.
const INTERVAL: Duration = Duration::from_millis(200);

fn main() -> ExitCode {
    cli::run("exercises", HELP, |mut arguments| {
        let (mut hint, mut watches) = (arguments.flag("--hint")?, arguments.flag("--watch")?);
        let mut checks = arguments.flag("--check")?;
        let mut name = None;
        for operand in arguments.operands()? {
            match cli::text(operand)? {
                // `cargo run -p exercises NAME -- --hint` hands the dashes on.
                flag if flag == "--hint" => hint = true,
                flag if flag == "--watch" => watches = true,
                flag if flag == "--check" => checks = true,
                more if name.is_some() => {
                    let problem = format!("unexpected argument {more:?}: one exercise at a time");
                    return Err(Error::Usage(problem));
                }
                first => name = Some(first),
            }
        }
        let course = Course::of_the_book()?;
        let Some(name) = name else {
            if hint || watches {
                let problem = "give the name of an exercise before --hint or --watch";
                return Err(Error::Usage(problem.to_owned()));
            }
            return if checks {
                check(course.exercises())
            } else {
                list(&course)
            };
        };
        let exercise = course.find(&name).map_err(Error::Usage)?;
        if checks {
            check(slice::from_ref(exercise))
        } else if hint {
            println!("{}", exercise.hint()?);
            Ok(())
        } else if watches {
            watch(&course, exercise)
        } else {
            attempt(&course, exercise)
        }
    })
}

fn list(course: &Course) -> Result<(), Error> {
    let all = course.exercises();
    let solved = all.iter().filter(|exercise| exercise.is_solved()).count();
    println!("{solved} of {} exercises are solved:\n", all.len());
    for exercise in all {
        let mark = if exercise.is_solved() { 'x' } else { ' ' };
        println!("[{mark}] {:<18} {}", exercise.name(), exercise.title()?);
    }
    println!();
    print_next(course);
    Ok(())
}

fn print_next(course: &Course) {
    match course.next() {
        Some(next) => println!("Next: cargo run -p exercises {}", next.name()),
        None => println!("All are solved."),
    }
}

/// Tests an exercise, and says what to do next.
fn attempt(course: &Course, exercise: &Exercise) -> Result<(), Error> {
    let name = exercise.name();
    println!("{name}: {}", exercise.title()?);
    let problem = match exercise.attempt(true)? {
        Outcome::Solved => {
            println!("{name} is solved.");
            print_next(course);
            return Ok(());
        }
        Outcome::Broken => "does not compile",
        Outcome::Unsolved => {
            println!("In a failure, left is what your code did, and right is what is expected.");
            "does not pass its tests"
        }
    };
    println!(
        "Change crates/exercises/{name}/exercise.rs: its first comment says what it has to do."
    );
    println!("For a hint: cargo run -p exercises {name} --hint");
    Err(Error::Failure(format!("{name} {problem} yet")))
}

/// Tests an exercise, and again whenever it has changed.
fn watch(course: &Course, exercise: &Exercise) -> Result<(), Error> {
    loop {
        let tried = exercise.contents()?;
        match attempt(course, exercise) {
            Err(Error::Failure(problem)) => {
                println!("{problem}. Save it, and it is tried again; Ctrl-C ends this.\n")
            }
            outcome => return outcome,
        }
        // An editor may remove a file for a moment.
        while exercise.contents().is_ok_and(|contents| contents == tried) {
            thread::sleep(INTERVAL);
        }
        while exercise.contents().is_err() {
            thread::sleep(INTERVAL);
        }
    }
}

fn check(exercises: &[Exercise]) -> Result<(), Error> {
    let mut count = 0;
    for exercise in exercises {
        let problems = problems(exercise)?;
        // All together take minutes: each line says how far it is.
        if problems.is_empty() {
            println!("{}: ready to be solved", exercise.name());
        }
        for problem in &problems {
            println!("{}: {problem}", exercise.name());
        }
        count += problems.len();
    }
    match count {
        0 => Ok(()),
        1 => Err(Error::Failure("1 thing is wrong".to_owned())),
        _ => Err(Error::Failure(format!("{count} things are wrong"))),
    }
}
