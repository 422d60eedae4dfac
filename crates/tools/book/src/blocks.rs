//! What must a block show?

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use crate::compare::Tolerance;
use crate::diff::diff;
use crate::directive::{Directive, Output};
use crate::finding::Finding;
use crate::links::resolve;
use crate::markdown::{Fence, fenced, links};
use crate::page::{Block, Page};
use crate::picture::Picture;
use crate::programs::{Ran, Run};
use crate::temporary::Temporary;

/// What came of the runs that all pages need.
pub(crate) type Results = HashMap<Run, Result<Ran, String>>;

/// Says what blocks must show.
#[derive(Debug)]
pub(crate) struct Maker<'a> {
    pub(crate) root: &'a Path,
    /// Where pictures are drawn before they are compared.
    pub(crate) drawings: &'a Temporary,
}

/// What must be done about a block.
#[derive(Debug)]
pub(crate) enum Verdict {
    Good,
    /// It is stale, and these are its new lines: a page must change. The number is that of its first line that differs,
    /// from 0; `None` if it has no lines yet.
    Lines(Option<usize>, String, Vec<String>),
    /// A picture is stale, and this is what must be in its file.
    File(String, String, Vec<u8>),
}

impl Maker<'_> {
    /// The command that must run before the block can be judged.
    pub(crate) fn run(&self, page: &Page, block: &Block) -> Option<Run> {
        match &block.directive {
            Directive::Output(output) if runs_here(output.linux) => Some(output.run()),
            Directive::Picture(picture) if runs_here(picture.linux) => {
                let is_kept = picture.real && self.root.join(&picture.path).exists();
                (!is_kept).then(|| picture.run_into(&self.drawing(page, block, picture)))
            }
            _ => None,
        }
    }

    /// The file that a picture is drawn into.
    fn drawing(&self, page: &Page, block: &Block, picture: &Picture) -> std::path::PathBuf {
        let place = format!("{}-{}", page.path.replace('/', "-"), block.line);
        self.drawings
            .path()
            .join(place)
            .with_extension(Path::new(&picture.path).extension().unwrap_or_default())
    }

    /// Compares what a block shows with what it must show.
    pub(crate) fn judge(
        &self,
        page: &Page,
        block: &Block,
        results: &Results,
    ) -> Result<Verdict, String> {
        let lines: Vec<String> = page.text.lines().map(str::to_owned).collect();
        let shown = &lines[block.lines.clone()];
        let exact = |what: String, fresh: Vec<String>| match shown {
            _ if *shown == fresh[..] => Verdict::Good,
            [] => Verdict::Lines(None, format!("{what} is not shown yet"), fresh),
            _ => {
                let (line, difference) = Tolerance::default().first_difference(shown, &fresh);
                Verdict::Lines(
                    Some(line),
                    format!("{what} has changed: {difference}"),
                    fresh,
                )
            }
        };
        match &block.directive {
            Directive::Code(cut) => {
                let code = cut.take(self.root)?;
                Ok(exact(
                    format!("the code of {}", cut.path),
                    fenced(cut.language(), code),
                ))
            }
            Directive::Diff { from, to, context } => {
                let changes = diff(&from.take(self.root)?, &to.take(self.root)?, *context);
                if changes.is_empty() {
                    return Err("the two pieces of code are equal".to_owned());
                }
                let files = [format!("--- {}", from.path), format!("+++ {}", to.path)];
                let what = format!("the difference of {} and {}", from.path, to.path);
                Ok(exact(
                    what,
                    fenced("diff", files.into_iter().chain(changes)),
                ))
            }
            Directive::Rows(rows) => Ok(exact("the table".to_owned(), rows.take(self.root)?)),
            Directive::Output(output) => match results.get(&output.run()) {
                None => Ok(Verdict::Good),
                Some(ran) => judge_output(output, ran, shown),
            },
            Directive::Picture(picture) => self.judge_picture(page, block, picture, results),
        }
    }

    fn judge_picture(
        &self,
        page: &Page,
        block: &Block,
        picture: &Picture,
        results: &Results,
    ) -> Result<Verdict, String> {
        let lines: Vec<&str> = page
            .text
            .lines()
            .skip(block.lines.start)
            .take(block.lines.len())
            .collect();
        let shows = |(_, target): &(usize, String)| {
            resolve(&page.path, target).is_ok_and(|path| path == picture.path)
        };
        if !links(&lines.join("\n")).iter().any(shows) {
            return Err(format!(
                "the next line has to show {}, as `![what is in it](file)`",
                picture.path
            ));
        }
        let drawing = self.drawing(page, block, picture);
        let Some(ran) = results.get(&picture.run_into(&drawing)) else {
            return Ok(Verdict::Good);
        };
        let ran = ran
            .clone()
            .map_err(|error| format!("`{}`: {error}", picture.text()))?;
        if ran.exit != Some(0) {
            return Err(format!(
                "`{}` failed: {}",
                picture.text(),
                last_line(&ran.text)
            ));
        }
        let fresh = fs::read(&drawing).map_err(|_| format!("`{}` drew nothing", picture.text()))?;
        let problem = match fs::read(self.root.join(&picture.path)) {
            Ok(old) if old == fresh => return Ok(Verdict::Good),
            Ok(_) => "is not what the program draws now",
            Err(_) => "is not drawn yet",
        };
        Ok(Verdict::File(
            format!("the picture {} {problem}", picture.path),
            picture.path.clone(),
            fresh,
        ))
    }
}

impl Output {
    fn run(&self) -> Run {
        Run {
            command: self.command.clone(),
            stops_after: self.stops_after,
            limit: self.limit,
        }
    }
}

fn runs_here(linux: bool) -> bool {
    cfg!(target_os = "linux") || !linux
}

fn judge_output(
    output: &Output,
    ran: &Result<Ran, String>,
    shown: &[String],
) -> Result<Verdict, String> {
    let command = &output.command.text;
    let ran = ran
        .clone()
        .map_err(|error| format!("`{command}`: {error}"))?;
    if let Some(exit) = ran.exit.filter(|exit| *exit != output.exit) {
        let last = last_line(&ran.text);
        return Err(format!(
            "`{command}` ended with status {exit} instead of {}: {last}",
            output.exit
        ));
    }
    let all: Vec<String> = ran
        .text
        .trim_end()
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    let mut lines = vec![format!("$ {command}")];
    lines.extend(all.iter().take(output.head.unwrap_or(usize::MAX)).cloned());
    if output.head.is_some_and(|head| head < all.len()) {
        lines.push("...".to_owned());
    }
    let fresh = fenced("console", lines);
    Ok(match shown {
        _ if output.tolerance.allows(shown, &fresh) => Verdict::Good,
        [] => Verdict::Lines(
            None,
            format!("the output of `{command}` is not shown yet"),
            fresh,
        ),
        _ => {
            let (line, difference) = output.tolerance.first_difference(shown, &fresh);
            Verdict::Lines(
                Some(line),
                format!("the output of `{command}` has changed: {difference}"),
                fresh,
            )
        }
    })
}

fn last_line(text: &str) -> &str {
    text.trim_end()
        .lines()
        .last()
        .unwrap_or("it printed nothing")
}

/// Finds blocks of code that nobody keeps true: those of Rust that have no directive and are no doctest either, and
/// those that don't say what they are.
pub(crate) fn check_languages(page: &Page, blocks: &[Block], doctests: &str) -> Vec<Finding> {
    let lines: Vec<&str> = page.text.lines().collect();
    let mut findings = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let Some(fence) = Fence::opened_by(lines[at]) else {
            at += 1;
            continue;
        };
        // A block without an end is found elsewhere.
        let Ok(end) = fence.end(&lines, at) else {
            break;
        };
        let is_made = blocks.iter().any(|block| block.lines.start == at);
        let is_doctest = || doctests.contains(&format!("/{}\"", page.path));
        let problem = match fence.language.split(',').next().unwrap_or("") {
            _ if is_made => None,
            "" => Some("this block has to say what it is, such as ```text or ```sh".to_owned()),
            "rust" if fence.language.contains("ignore") => Some(
                "nobody compiles this: cut it from a file with `code:`, or make it a doctest"
                    .to_owned(),
            ),
            "rust" if !is_doctest() => Some(format!(
                "nobody compiles this: cut it from a file with `code:`, or add {} to {DOCTESTS}",
                page.path
            )),
            _ => None,
        };
        findings.extend(problem.map(|problem| Finding::broken(&page.path, at + 1, problem)));
        at = end;
    }
    findings
}

/// Where the pages with doctests are listed.
pub(crate) const DOCTESTS: &str = "crates/tools/book/src/pages.rs";
