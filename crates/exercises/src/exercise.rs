//! One exercise: what it asks for, and whether it is solved.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, io};

/// An exercise.
#[derive(Debug)]
pub struct Exercise {
    name: String,
    folder: PathBuf,
    /// Where its crate is made.
    bench: PathBuf,
    /// Where cargo puts what it builds.
    target: PathBuf,
}

/// The outcome of trying an exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It does not compile.
    Broken,
    /// It compiles, and a test fails.
    Unsolved,
    /// It passes all tests.
    Solved,
}

impl Exercise {
    pub(crate) fn new(name: &str, folder: &Path, workshop: &Path) -> Exercise {
        Exercise {
            name: name.to_owned(),
            folder: folder.join(name),
            bench: workshop.join(name),
            target: workshop.join("target"),
        }
    }

    /// Returns its name, such as `step1_by_hand`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns one of its files.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Returns what it is about, in a line.
    ///
    /// # Errors
    ///
    /// Returns an error if `exercise.rs` cannot be read.
    pub fn title(&self) -> io::Result<String> {
        let comment = first_comment(&self.file("exercise.rs"))?;
        let title = comment.lines().next().unwrap_or_default();
        Ok(title
            .trim_start_matches("Exercise: ")
            .trim_end_matches('.')
            .to_owned())
    }

    /// Returns the hint.
    ///
    /// # Errors
    ///
    /// Returns an error if `solution.rs` cannot be read.
    pub fn hint(&self) -> io::Result<String> {
        first_comment(&self.file("solution.rs"))
    }

    /// Returns whether it was solved when it was last tried, and has not changed since.
    pub fn is_solved(&self) -> bool {
        let solved = fs::read(self.bench.join("solved"));
        solved.is_ok_and(|solved| self.contents().is_ok_and(|contents| contents == solved))
    }

    /// Returns all that its outcome depends on.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be read.
    pub fn contents(&self) -> io::Result<Vec<u8>> {
        let mut contents = fs::read(self.file("exercise.rs"))?;
        contents.extend(fs::read(self.file("test.rs"))?);
        Ok(contents)
    }

    /// Builds and tests it, and prints what cargo and the tests say if that is wanted.
    ///
    /// # Errors
    ///
    /// Returns an error if its crate cannot be made, or if there is no cargo.
    pub fn attempt(&self, prints: bool) -> io::Result<Outcome> {
        let contents = self.contents()?;
        self.make_crate()?;
        if !self.cargo_test(&["--no-run"], prints)? {
            return Ok(Outcome::Broken);
        }
        if !self.cargo_test(&[], prints)? {
            return Ok(Outcome::Unsolved);
        }
        fs::write(self.bench.join("solved"), contents)?;
        Ok(Outcome::Solved)
    }

    fn cargo_test(&self, options: &[&str], prints: bool) -> io::Result<bool> {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["test", "--quiet", "--offline", "--manifest-path"]);
        cargo.arg(self.bench.join("Cargo.toml")).args(options);
        cargo.env("CARGO_TARGET_DIR", &self.target);
        cargo.env("RUST_BACKTRACE", "0");
        if prints {
            cargo.stdout(Stdio::inherit());
        }
        let output = cargo.output()?;
        if prints {
            let text = String::from_utf8_lossy(&output.stderr);
            // This program says itself how to run them again.
            let lines = text
                .lines()
                .filter(|line| !line.starts_with("error: test failed"));
            lines.for_each(|line| eprintln!("{line}"));
        }
        Ok(output.status.success())
    }

    fn make_crate(&self) -> io::Result<()> {
        let Exercise { name, bench, .. } = self;
        let mut manifest = format!(
            "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n\
             [lib]\ndoctest = false\n\n[workspace]\n\n"
        );
        for (name, path) in self.steps()? {
            // epoll is Linux's own.
            let table = match name.starts_with("step7") {
                true => "target.'cfg(target_os = \"linux\")'.dependencies",
                false => "dependencies",
            };
            manifest += &format!("[{table}.{name}]\npath = {path:?}\n");
        }
        let (exercise, test) = (self.file("exercise.rs"), self.file("test.rs"));
        let root = format!(
            "#![allow(dead_code)]\ninclude!({exercise:?});\n\
             #[cfg(test)]\nmod test {{\n    include!({test:?});\n}}\n"
        );
        fs::create_dir_all(bench.join("src"))?;
        write(&bench.join("Cargo.toml"), &manifest)?;
        write(&bench.join("src/lib.rs"), &root)
    }

    /// Returns the name and the folder of each step that the exercise may use: those up to its own.
    fn steps(&self) -> io::Result<Vec<(String, PathBuf)>> {
        let number = |name: &str| -> Option<u32> {
            let digits = name.strip_prefix("step")?;
            digits.split(['-', '_']).next()?.parse().ok()
        };
        let mut steps = Vec::new();
        let crates = self.folder.join("../..").canonicalize()?;
        for entry in fs::read_dir(crates)? {
            let path = entry?.path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if number(&name).is_some_and(|step| Some(step) <= number(&self.name)) {
                steps.push((name, path));
            }
        }
        steps.sort();
        Ok(steps)
    }
}

/// Writes a file, unless it has these contents already: cargo builds again what is newer.
fn write(path: &Path, contents: &str) -> io::Result<()> {
    match fs::read_to_string(path) {
        Ok(old) if old == contents => Ok(()),
        _ => fs::write(path, contents),
    }
}

/// Returns the text of the comment that a file begins with.
fn first_comment(path: &Path) -> io::Result<String> {
    let text = fs::read_to_string(path)?;
    let lines = text.lines().map_while(|line| line.strip_prefix("//"));
    let lines: Vec<&str> = lines.map(str::trim).collect();
    Ok(lines.join("\n"))
}
