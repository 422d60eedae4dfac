//! Which program a command runs.

/// A `cargo run` or `cargo test`, as it is written in a page.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Command {
    /// All of it.
    pub text: String,
    /// Whether it is `cargo test`.
    pub is_test: bool,
    /// What `-p` names; `None` is what plain `cargo run` starts.
    pub package: Option<String>,
    /// What `--example` names.
    pub example: Option<String>,
    /// What `--test` names.
    pub test: Option<String>,
    /// Whether it is optimized.
    pub release: bool,
    /// What comes after `--`, for the program.
    pub arguments: Vec<String>,
}

impl Command {
    /// Reads a command.
    ///
    /// # Errors
    ///
    /// Returns a message if it is not one, or has an option that is unknown here.
    pub fn parse(text: &str) -> Result<Command, String> {
        let mut words = words(text)?.into_iter();
        let is_test = match (words.next().as_deref(), words.next().as_deref()) {
            (Some("cargo"), Some("run")) => false,
            (Some("cargo"), Some("test")) => true,
            _ => return Err(format!("`{text}` is neither `cargo run` nor `cargo test`")),
        };
        let mut command = Command {
            text: text.to_owned(),
            is_test,
            package: None,
            example: None,
            test: None,
            release: false,
            arguments: Vec::new(),
        };
        while let Some(word) = words.next() {
            let mut value = || {
                let value = words.next();
                value.ok_or_else(|| format!("`{word}` needs a value"))
            };
            match word.as_str() {
                "--" => {
                    command.arguments = words.collect();
                    break;
                }
                "-p" | "--package" => command.package = Some(value()?),
                "--example" => command.example = Some(value()?),
                "--test" if is_test => command.test = Some(value()?),
                "--release" => command.release = true,
                "--quiet" | "-q" => {}
                // What else `cargo test` takes, such as a test's name.
                _ if is_test => {}
                _ if word.starts_with('-') => {
                    let known = "-p, --example, --release and --";
                    return Err(format!("`{word}` is unknown here: give {known}"));
                }
                _ => {
                    command.arguments = [word].into_iter().chain(words).collect();
                    break;
                }
            }
        }
        Ok(command)
    }
}

/// Splits at spaces, except for those in quotes.
fn words(text: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in text.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '"' || c == '\'' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    match quote {
        Some(_) => Err(format!("a quote in `{text}` is not closed")),
        None => Ok(words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_command_are_told_apart() {
        let text = "cargo run --release -p a --example b -- --say 'a b' \"\" c";
        let command = Command::parse(text).unwrap();
        let (package, example) = (command.package.as_deref(), command.example.as_deref());
        assert_eq!((package, example), (Some("a"), Some("b")));
        assert!(command.release && !command.is_test);
        assert_eq!(command.arguments, ["--say", "a b", "", "c"]);
    }

    #[test]
    fn dashes_before_the_arguments_can_be_left_out() {
        let command = Command::parse("cargo run -p exercises step1_by_hand --hint").unwrap();
        assert_eq!(command.arguments, ["step1_by_hand", "--hint"]);
    }

    #[test]
    fn only_cargo_runs() {
        let wrong = ["", "cargo", "cargo build", "rm -r x", "cargo run --frob"];
        for text in wrong.iter().chain(&["cargo run -p", "cargo run -- 'a"]) {
            assert!(Command::parse(text).is_err(), "{text}");
        }
    }
}
