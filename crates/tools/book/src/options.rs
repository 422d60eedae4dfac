//! The options of a directive.

use std::str::FromStr;
use std::time::Duration;

/// The words between a directive's kind and its colon, taken out one by one.
pub(crate) struct Options<'a> {
    kind: &'a str,
    words: Vec<&'a str>,
    /// Those that were asked for, to be named beside an unknown one.
    known: Vec<&'static str>,
}

impl<'a> Options<'a> {
    pub(crate) fn new(kind: &'a str, words: Vec<&'a str>) -> Options<'a> {
        Options {
            kind,
            words,
            known: Vec::new(),
        }
    }

    /// Takes out an option without a value, and returns whether it is there.
    pub(crate) fn flag(&mut self, name: &'static str) -> bool {
        self.known.push(name);
        let place = self.words.iter().position(|word| *word == name);
        place.map(|place| self.words.remove(place)).is_some()
    }

    /// Takes out `name=value`, and returns the value; `None` if it is not there.
    pub(crate) fn value(&mut self, name: &'static str) -> Option<&'a str> {
        self.known.push(name);
        let value = |word: &&'a str| word.strip_prefix(name)?.strip_prefix('=');
        let place = self.words.iter().position(|word| value(word).is_some())?;
        value(&self.words.remove(place))
    }

    pub(crate) fn number<N: FromStr>(&mut self, name: &'static str) -> Result<Option<N>, String> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        let number = value.parse().map(Some);
        number.map_err(|_| format!("`{name}={value}` is not a number"))
    }

    /// Takes out a time such as `2s` or `0.5s`.
    pub(crate) fn time(&mut self, name: &'static str) -> Result<Option<Duration>, String> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        let time = value.strip_suffix('s').and_then(cli::seconds);
        let problem = || format!("`{name}={value}` is not a time such as 2s or 0.5s");
        time.map(Some).ok_or_else(problem)
    }

    /// Says that there should be nothing left.
    pub(crate) fn end(self) -> Result<(), String> {
        let Options { kind, words, known } = self;
        match words.first() {
            None => Ok(()),
            Some(word) => Err(format!(
                "`{word}` is unknown: the options of `{kind}` are {}",
                known.join(", ")
            )),
        }
    }
}
