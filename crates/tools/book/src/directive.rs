//! What does a directive ask for?

use std::time::Duration;

use crate::commands::Command;
use crate::compare::Tolerance;
use crate::cut::Cut;
use crate::options::Options;
use crate::picture::Picture;
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
    pub(crate) stops_after: Option<Duration>,
    /// After which time it has failed if it has not ended.
    pub(crate) limit: Duration,
    pub(crate) tolerance: Tolerance,
    /// How many lines are shown; `None` shows all.
    pub(crate) head: Option<usize>,
    pub(crate) linux: bool,
}

/// The limit of a command whose directive sets none.
pub(crate) const LIMIT: Duration = Duration::from_secs(30);

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
                let (from, to) = what
                    .split_once("=>")
                    .ok_or("a diff is `FILE#ITEM => FILE#ITEM`")?;
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
                return Err(format!(
                    "`{kind}` is no directive: there are code, diff, output, picture and rows"
                ));
            }
        };
        options.end()?;
        Ok(directive)
    }
}

impl Output {
    fn parse(command: &str, options: &mut Options<'_>) -> Result<Output, String> {
        let output = Output {
            command: Command::parse(command)?,
            exit: options.number("exit")?.unwrap_or(0),
            stops_after: options.time("stops-after")?,
            limit: options.time("limit")?.unwrap_or(LIMIT),
            tolerance: Tolerance::parse(options)?,
            head: options.number("head")?,
            linux: options.flag("linux"),
        };
        if output.stops_after.is_some() && output.exit != 0 {
            return Err(
                "what is stopped has no exit status: leave out `exit` or `stops-after`".to_owned(),
            );
        }
        Ok(output)
    }
}
