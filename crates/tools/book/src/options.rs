//! Which options does a directive have?

use std::str::FromStr;
use std::time::Duration;

/// The words between a directive's kind and its colon, taken out one by one: what is left in the end is unknown.
pub(crate) struct Options<'a> {
    kind: &'a str,
    words: Vec<&'a str>,
    /// The ones that were asked for, for the message about one that was not.
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

    /// Whether the option is there, as a word of its own.
    pub(crate) fn flag(&mut self, name: &'static str) -> bool {
        self.known.push(name);
        let place = self.words.iter().position(|word| *word == name);
        place.map(|place| self.words.remove(place)).is_some()
    }

    /// The value of `name=value`; `None` if there is no such option.
    pub(crate) fn value(&mut self, name: &'static str) -> Option<&'a str> {
        self.known.push(name);
        let value = |word: &&'a str| {
            word.strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('='))
        };
        let place = self.words.iter().position(|word| value(word).is_some())?;
        value(&self.words.remove(place))
    }

    pub(crate) fn number<N: FromStr>(&mut self, name: &'static str) -> Result<Option<N>, String> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        value
            .parse()
            .map(Some)
            .map_err(|_| format!("`{name}={value}` is no number"))
    }

    /// A time such as `2s` or `500ms`.
    pub(crate) fn time(&mut self, name: &'static str) -> Result<Option<Duration>, String> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        let (number, unit) = match value.strip_suffix("ms") {
            Some(number) => (number, Duration::from_millis(1)),
            None => (
                value.strip_suffix('s').unwrap_or(""),
                Duration::from_secs(1),
            ),
        };
        let time = number
            .parse()
            .ok()
            .and_then(|number: u32| unit.checked_mul(number));
        time.map(Some)
            .ok_or_else(|| format!("`{name}={value}` is no time such as 2s or 500ms"))
    }

    /// Complains about what nobody asked for.
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
