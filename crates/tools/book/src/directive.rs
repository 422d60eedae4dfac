//! What a directive asks for.

use std::path::Path;
use std::time::Duration;

use crate::commands::Command;
use crate::compare::Tolerance;
use crate::cut::Cut;
use crate::options::Options;
use crate::programs::Run;
use crate::rows::Rows;

/// A comment in a page, which says how the block below it is made.
#[derive(Debug)]
pub(crate) enum Directive {
    Code(Cut),
    Diff { from: Cut, to: Cut, context: usize },
    Output(Output),
    Picture(Picture),
    Rows(Rows),
}

/// A command, and what it prints.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) command: Command,
    /// The status that it must end with.
    pub(crate) exit: i32,
    /// When it is stopped. It must not have ended before.
    stops_after: Option<Duration>,
    pub(crate) tolerance: Tolerance,
    /// How many lines are shown; `None` shows all.
    pub(crate) head: Option<usize>,
    linux: bool,
}

/// A command that draws a file below `docs/`.
#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) command: Command,
    /// From the repository's root.
    pub(crate) path: String,
    /// Whether it shows real time, and so is different each time.
    real: bool,
    linux: bool,
}

impl Directive {
    /// Reads what is inside the comment.
    pub(crate) fn parse(text: &str) -> Result<Directive, String> {
        const FORM: &str = "a directive is `<!-- KIND OPTIONS: WHAT -->`";
        let (head, what) = text.split_once(':').ok_or(FORM)?;
        let (mut words, what) = (head.split_whitespace(), what.trim());
        let kind = words.next().ok_or(FORM)?;
        let mut options = Options::new(kind, words.collect());
        let directive = match kind {
            "code" => Directive::Code(Cut::parse(what, options.flag("docs"))?),
            "diff" => {
                let sides = what.split_once("=>");
                let (from, to) = sides.ok_or("a diff is `FILE#ITEM => FILE#ITEM`")?;
                let docs = options.flag("docs");
                let context = options.number("context")?.unwrap_or(3);
                Directive::Diff {
                    from: Cut::parse(from.trim(), docs)?,
                    to: Cut::parse(to.trim(), docs)?,
                    context,
                }
            }
            "output" => Directive::Output(Output::parse(what, &mut options)?),
            "picture" => Directive::Picture(Picture::parse(what, &mut options)?),
            "rows" => Directive::Rows(Rows::parse(what, &mut options)?),
            _ => {
                let kinds = "code, diff, output, picture and rows";
                return Err(format!("`{kind}` is not a directive: there are {kinds}"));
            }
        };
        options.end()?;
        Ok(directive)
    }
}

impl Output {
    fn parse(text: &str, options: &mut Options<'_>) -> Result<Output, String> {
        let output = Output {
            command: cargo_run(text)?,
            exit: options.number("exit")?.unwrap_or(0),
            stops_after: options.time("stops-after")?,
            tolerance: Tolerance {
                mask: options.flag("mask"),
                any_order: options.flag("any-order"),
            },
            head: options.number("head")?,
            linux: options.flag("linux"),
        };
        if output.stops_after.is_some() && output.exit != 0 {
            let problem = "what is stopped has no exit status: leave out `exit` or `stops-after`";
            return Err(problem.to_owned());
        }
        Ok(output)
    }

    /// Returns what must run; `None` if it is not for this system.
    pub(crate) fn run(&self) -> Option<Run> {
        let lines = self.head.unwrap_or(1);
        runs_here(self.linux).then(|| Run {
            command: self.command.clone(),
            stops_after: self.stops_after.map(|time| (time, lines)),
        })
    }
}

impl Picture {
    fn parse(text: &str, options: &mut Options<'_>) -> Result<Picture, String> {
        let command = cargo_run(text)?;
        let is_file = |argument: &&String| argument.starts_with("docs/");
        let files: Vec<&String> = command.arguments.iter().filter(is_file).collect();
        let [path] = files[..] else {
            let problem = "one argument of the command must be the picture's file, below docs/";
            return Err(problem.to_owned());
        };
        Ok(Picture {
            path: path.clone(),
            real: options.flag("real"),
            linux: options.flag("linux"),
            command,
        })
    }

    /// Returns what draws it into another file; `None` if it is kept as it is.
    pub(crate) fn run_into(&self, file: &Path, root: &Path) -> Option<Run> {
        if !runs_here(self.linux) || self.real && root.join(&self.path).exists() {
            return None;
        }
        let mut command = self.command.clone();
        for argument in &mut command.arguments {
            if *argument == self.path {
                *argument = file.display().to_string();
            }
        }
        let stops_after = None;
        Some(Run {
            command,
            stops_after,
        })
    }
}

fn cargo_run(text: &str) -> Result<Command, String> {
    let command = Command::parse(text)?;
    match command.is_test {
        true => Err(format!("`{text}` is not a `cargo run`")),
        false => Ok(command),
    }
}

fn runs_here(linux: bool) -> bool {
    cfg!(target_os = "linux") || !linux
}
