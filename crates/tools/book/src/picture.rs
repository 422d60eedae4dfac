//! Which picture does a program draw?

use std::path::Path;

use crate::commands::Command;
use crate::directive::LIMIT;
use crate::options::Options;
use crate::programs::Run;

/// A command that writes a file below `docs/`.
#[derive(Debug)]
pub(crate) struct Picture {
    command: Command,
    /// From the repository's root.
    pub(crate) path: String,
    /// Whether it shows real time, and so is different each time.
    pub(crate) real: bool,
    pub(crate) linux: bool,
}

impl Picture {
    pub(crate) fn parse(command: &str, options: &mut Options<'_>) -> Result<Picture, String> {
        let command = Command::parse(command)?;
        let files: Vec<&String> = command
            .arguments
            .iter()
            .filter(|argument| argument.starts_with("docs/"))
            .collect();
        let [path] = files[..] else {
            return Err(
                "one argument of the command has to be the picture's file, below docs/".to_owned(),
            );
        };
        Ok(Picture {
            path: path.clone(),
            real: options.flag("real"),
            linux: options.flag("linux"),
            command,
        })
    }

    /// The run that draws it into another file.
    pub(crate) fn run_into(&self, file: &Path) -> Run {
        let mut command = self.command.clone();
        for argument in &mut command.arguments {
            if *argument == self.path {
                *argument = file.display().to_string();
            }
        }
        Run {
            command,
            stops_after: None,
            limit: LIMIT,
        }
    }

    /// The command as it is written in the page.
    pub(crate) fn text(&self) -> &str {
        &self.command.text
    }
}
