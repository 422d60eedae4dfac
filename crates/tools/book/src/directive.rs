//! What a directive asks for.

use std::fs;
use std::path::Path;

use crate::cut::Cut;
use crate::diff::diff;
use crate::markdown::fenced;
use crate::marks::table;
use crate::programs::{Run, Runner, scratch};

/// The kinds of directives, and the options that each can have.
const KINDS: [(&str, &[&str]); 5] = [
    ("code", &["docs"]),
    ("diff", &[]),
    ("output", &["real", "linux", "hangs", "lines=N"]),
    ("picture", &["real"]),
    ("tests", &[]),
];

/// How large a picture may be, or the page that plays it.
const MOST_BYTES: usize = 300_000;

/// A comment in a page, which says how what is below it is made.
#[derive(Debug)]
pub(crate) struct Directive<'a> {
    pub(crate) kind: &'a str,
    options: Vec<&'a str>,
    pub(crate) what: &'a str,
}

impl<'a> Directive<'a> {
    /// Reads a comment.
    pub(crate) fn parse(line: &'a str) -> Result<Directive<'a>, String> {
        let inside = line
            .strip_prefix("<!-- ")
            .and_then(|line| line.strip_suffix(" -->"));
        let parts = inside.and_then(|inside| inside.split_once(": "));
        let (head, what) = parts.ok_or("a directive is a line `<!-- KIND OPTIONS: WHAT -->`")?;
        let mut words = head.split_whitespace();
        let kind = words.next().unwrap_or("");
        let known = KINDS.iter().find(|(name, _)| *name == kind);
        let (_, known) = known.ok_or_else(|| {
            format!(
                "`{kind}` is not a directive: there are {}",
                KINDS.map(|kind| kind.0).join(", ")
            )
        })?;
        let options: Vec<&str> = words.collect();
        let is_known = |option: &str| {
            let (name, number) = option.split_once('=').unwrap_or((option, ""));
            known.contains(&option) || number.parse::<usize>().is_ok() && name == "lines"
        };
        match options.iter().find(|option| !is_known(option)) {
            Some(option) => {
                let known = known.join(", ");
                Err(format!(
                    "`{option}` is unknown: the options of `{kind}` are {known}"
                ))
            }
            None => Ok(Directive {
                kind,
                options,
                what,
            }),
        }
    }

    /// Returns whether it has an option.
    pub(crate) fn has(&self, option: &str) -> bool {
        self.options.contains(&option)
    }

    /// Makes the lines of its block; `None` if that cannot be done on this system.
    pub(crate) fn make(
        &self,
        root: &Path,
        runner: Runner<'_>,
    ) -> Result<Option<Vec<String>>, String> {
        match self.kind {
            "code" => {
                let cut = Cut::parse(self.what, self.has("docs"))?;
                Ok(Some(fenced(language(cut.path), cut.take(root)?)))
            }
            "diff" => self.difference(root).map(Some),
            "tests" => table(root, self.what).map(Some),
            _ if self.has("linux") && cfg!(not(target_os = "linux")) => Ok(None),
            _ => self.output(runner).map(Some),
        }
    }

    fn difference(&self, root: &Path) -> Result<Vec<String>, String> {
        let sides = self.what.split_once(" => ");
        let (from, to) = sides.ok_or("a diff is `FILE#ITEM => FILE#ITEM`")?;
        let (from, to) = (Cut::parse(from, false)?, Cut::parse(to, false)?);
        let changes = diff(&from.take(root)?, &to.take(root)?);
        if changes.is_empty() {
            return Err("the two pieces of code are equal".to_owned());
        }
        let mut lines = vec![format!("--- {}", from.path), format!("+++ {}", to.path)];
        lines.extend(changes);
        Ok(fenced("diff", lines))
    }

    fn output(&self, runner: Runner<'_>) -> Result<Vec<String>, String> {
        let lines = self
            .options
            .iter()
            .find_map(|option| option.strip_prefix("lines="));
        let lines: usize = lines.map_or(0, |lines| lines.parse().unwrap_or(0));
        let run = Run {
            command: self.command()?,
            hangs: self.has("hangs"),
            lines,
        };
        let printed = runner(&run)?;
        let mut shown = vec![format!("$ {}", self.what)];
        shown.extend(
            printed
                .trim_end()
                .lines()
                .map(|line| line.trim_end().to_owned()),
        );
        if lines > 0 && shown.len() > lines + 1 {
            shown.truncate(lines + 1);
            shown.push("...".to_owned());
        }
        Ok(fenced("console", shown))
    }

    fn command(&self) -> Result<&'a str, String> {
        match self.what.starts_with("cargo run") {
            true => Ok(self.what),
            false => Err(format!("`{}` is not a `cargo run`", self.what)),
        }
    }

    /// Returns the files that its command draws: a picture, and perhaps the page that plays it.
    pub(crate) fn pictures(&self) -> Result<Vec<&'a str>, String> {
        let words = self.command()?.split_whitespace();
        let files: Vec<&str> = words.filter(|word| word.starts_with("docs/")).collect();
        if files.is_empty() {
            let problem = "one argument of the command must be the picture's file, below docs/";
            return Err(problem.to_owned());
        }
        Ok(files)
    }

    /// Draws a picture, and what else its command makes of the same run. Returns each file with
    /// what must be in it.
    pub(crate) fn draw(
        &self,
        root: &Path,
        runner: Runner<'_>,
    ) -> Result<Vec<(&'a str, Vec<u8>)>, String> {
        let mut command = self.what.to_owned();
        let mut files = vec![];
        for path in self.pictures()? {
            let name = path.replace('/', "-");
            let file = scratch(root, &name).map_err(|error| error.to_string())?;
            // From the root, as the file in the command is.
            let short = file.strip_prefix(root).unwrap_or(&file);
            command = command.replace(path, &short.display().to_string());
            files.push((path, file));
        }
        let run = Run {
            command: &command,
            hangs: false,
            lines: 0,
        };
        let printed = runner(&run)?;
        let mut drawn = vec![];
        for (path, file) in files {
            let contents = fs::read(&file);
            _ = fs::remove_file(file);
            let nothing = || {
                format!(
                    "`{}` does not write {path}: {}",
                    self.what,
                    printed.trim_end()
                )
            };
            drawn.push((path, contents.map_err(|_| nothing())?));
        }
        match drawn
            .iter()
            .find(|(_, contents)| contents.len() > MOST_BYTES)
        {
            None => Ok(drawn),
            Some((path, contents)) => Err(format!(
                "{path} has {} bytes, and a reader should not have to load more than {MOST_BYTES}",
                contents.len()
            )),
        }
    }
}

/// Returns what a block with code of a file is marked as. A piece of Rust does not compile alone.
fn language(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "rs" => "rust,ignore",
        "toml" => "toml",
        "py" => "python",
        "sh" => "sh",
        _ => "text",
    }
}
