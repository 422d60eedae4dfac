//! What a block must show.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::compare::Tolerance;
use crate::cut::Cut;
use crate::diff::diff;
use crate::directive::{Directive, Output, Picture};
use crate::links::resolve;
use crate::markdown::{fenced, links};
use crate::page::{Block, Page};
use crate::programs::{Ran, Run, Runner, scratch};

/// Says what blocks must show. A command that several of them have runs once.
pub(crate) struct Maker<'a> {
    root: &'a Path,
    runner: &'a dyn Runner,
    ran: RefCell<HashMap<Run, Result<Ran, String>>>,
}

/// What must be done about a block.
#[derive(Debug)]
pub(crate) enum Verdict {
    Good,
    /// It is stale.
    Stale {
        problem: String,
        /// The first line that differs, counted in the block; `None` if it has no lines yet.
        line: Option<usize>,
        lines: Vec<String>,
    },
    /// A picture is stale, and this is what must be in its file.
    StalePicture {
        problem: String,
        path: String,
        contents: Vec<u8>,
    },
}

impl<'a> Maker<'a> {
    pub(crate) fn new(root: &'a Path, runner: &'a dyn Runner) -> Maker<'a> {
        let ran = RefCell::default();
        Maker { root, runner, ran }
    }

    /// Returns how many different commands have run.
    pub(crate) fn commands(&self) -> usize {
        self.ran.borrow().len()
    }

    /// Compares what a block shows with what it must show.
    pub(crate) fn judge(&self, page: &Page, block: &Block) -> Result<Verdict, String> {
        let lines: Vec<String> = page.text.lines().map(str::to_owned).collect();
        let shown = &lines[block.lines.clone()];
        let exact = Tolerance::default();
        match &block.directive {
            Directive::Code(cut) => {
                let code = fenced(cut.language(), cut.take(self.root)?);
                let what = format!("code of {}", cut.path);
                Ok(compare(&what, shown, code, exact))
            }
            Directive::Diff { from, to, context } => {
                let difference = self.difference(from, to, *context)?;
                let what = format!("difference of {} and {}", from.path, to.path);
                Ok(compare(&what, shown, difference, exact))
            }
            Directive::Rows(rows) => Ok(compare("table", shown, rows.take(self.root)?, exact)),
            Directive::Output(output) => self.judge_output(output, shown),
            Directive::Picture(picture) => self.judge_picture(page, picture, shown),
        }
    }

    fn difference(&self, from: &Cut, to: &Cut, context: usize) -> Result<Vec<String>, String> {
        let changes = diff(&from.take(self.root)?, &to.take(self.root)?, context);
        if changes.is_empty() {
            return Err("the two pieces of code are equal".to_owned());
        }
        let files = [format!("--- {}", from.path), format!("+++ {}", to.path)];
        Ok(fenced("diff", files.into_iter().chain(changes)))
    }

    fn judge_output(&self, output: &Output, shown: &[String]) -> Result<Verdict, String> {
        let Some(run) = output.run() else {
            return Ok(Verdict::Good);
        };
        let text = self.run(&run, output.exit)?;
        let text: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
        let head = output.head.unwrap_or(text.len()).min(text.len());
        let mut lines = vec![format!("$ {}", output.command.text)];
        lines.extend(text[..head].iter().map(|line| line.to_string()));
        lines.extend((head < text.len()).then(|| "...".to_owned()));
        let what = format!("output of `{}`", output.command.text);
        let lines = fenced("console", lines);
        Ok(compare(&what, shown, lines, output.tolerance))
    }

    fn judge_picture(
        &self,
        page: &Page,
        picture: &Picture,
        shown: &[String],
    ) -> Result<Verdict, String> {
        let path = &picture.path;
        let shows =
            |(_, target): &(usize, String)| resolve(&page.path, target).as_ref() == Ok(path);
        if !links(&shown.join("\n")).iter().any(shows) {
            return Err(format!(
                "the next line must show {path}, as `![what is in it](file)`"
            ));
        }
        let drawing = self.drawing(picture)?;
        let Some(run) = picture.run_into(&drawing, self.root) else {
            return Ok(Verdict::Good);
        };
        self.run(&run, 0)?;
        let contents = fs::read(&drawing);
        _ = fs::remove_file(&drawing);
        let contents = contents.map_err(|_| format!("`{}` draws nothing", run.command.text))?;
        let problem = match fs::read(self.root.join(path)) {
            Ok(old) if old == contents => return Ok(Verdict::Good),
            Ok(_) => format!("stale picture {path}"),
            Err(_) => format!("the picture {path} is not drawn yet"),
        };
        Ok(Verdict::StalePicture {
            problem,
            path: path.clone(),
            contents,
        })
    }

    /// Returns the file that a picture is drawn into, to be compared.
    fn drawing(&self, picture: &Picture) -> Result<PathBuf, String> {
        let name = picture.path.replace('/', "-");
        scratch(self.root, &name).map_err(|error| error.to_string())
    }

    /// Returns what a command prints, if it ends with this status.
    fn run(&self, run: &Run, exit: i32) -> Result<String, String> {
        let command = &run.command.text;
        let mut all = self.ran.borrow_mut();
        let ran = all
            .entry(run.clone())
            .or_insert_with(|| self.runner.run(run));
        let ran = ran.clone();
        let ran = ran.map_err(|error| format!("`{command}`: {error}"))?;
        match ran.exit {
            Some(other) if other != exit => {
                let last = ran.text.trim_end().lines().last();
                let last = last.unwrap_or("it prints nothing");
                Err(format!(
                    "`{command}` ends with status {other}, not {exit}: {last}"
                ))
            }
            _ => Ok(ran.text),
        }
    }
}

fn compare(what: &str, shown: &[String], fresh: Vec<String>, tolerance: Tolerance) -> Verdict {
    if tolerance.allows(shown, &fresh) {
        return Verdict::Good;
    }
    let (line, problem) = match shown {
        [] => (None, format!("the {what} is not shown yet")),
        _ => {
            let (line, difference) = tolerance.first_difference(shown, &fresh);
            (Some(line), format!("stale {what}: {difference}"))
        }
    };
    let lines = fresh;
    Verdict::Stale {
        problem,
        line,
        lines,
    }
}
