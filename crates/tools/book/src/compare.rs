//! Is what a page shows as good as what a program prints now?

use crate::options::Options;

/// What may differ from run to run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tolerance {
    numbers: Numbers,
    any_order: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Numbers {
    /// All of it must be equal.
    #[default]
    Exact,
    /// What comes after a decimal point may differ.
    Fractions,
    /// All may differ.
    Any,
}

impl Tolerance {
    pub(crate) fn parse(options: &mut Options<'_>) -> Result<Tolerance, String> {
        let numbers = match (options.flag("mask"), options.value("mask")) {
            (false, None) => Numbers::Exact,
            (true, None) => Numbers::Fractions,
            (false, Some("numbers")) => Numbers::Any,
            _ => return Err("the masks are `mask` and `mask=numbers`".to_owned()),
        };
        Ok(Tolerance {
            numbers,
            any_order: options.flag("any-order"),
        })
    }

    pub(crate) fn allows(self, shown: &[String], fresh: &[String]) -> bool {
        if !self.any_order {
            return shown.len() == fresh.len()
                && shown
                    .iter()
                    .zip(fresh)
                    .all(|(a, b)| self.masked(a) == self.masked(b));
        }
        let words = |lines: &[String]| {
            let masked: Vec<String> = lines.iter().map(|line| self.masked(line)).collect();
            let is_inside = |c: char| c.is_alphanumeric() || c == '.' || c == '#';
            let mut words: Vec<String> = masked
                .iter()
                .flat_map(|line| line.split(|c| !is_inside(c)).map(str::to_owned))
                .collect();
            words.retain(|word| !word.is_empty());
            words.sort();
            words
        };
        words(shown) == words(fresh)
    }

    /// Puts `#` for what may differ.
    fn masked(self, line: &str) -> String {
        match self.numbers {
            Numbers::Exact => line.to_owned(),
            Numbers::Fractions => without_fractions(line),
            Numbers::Any => without_numbers(line),
        }
    }

    /// Says in which line the first difference is, from 0, and what it is.
    pub(crate) fn first_difference(self, shown: &[String], fresh: &[String]) -> (usize, String) {
        let length = shown.len().max(fresh.len());
        let differs = |i: &usize| match (shown.get(*i), fresh.get(*i)) {
            (Some(a), Some(b)) => self.masked(a) != self.masked(b),
            _ => true,
        };
        let quoted =
            |line: Option<&String>| line.map_or("nothing".to_owned(), |line| format!("`{line}`"));
        // With any order the lines may all be alike but for the order of their words.
        let i = (0..length).find(differs).unwrap_or(0);
        (
            i,
            format!(
                "it shows {}, and has to show {}",
                quoted(shown.get(i)),
                quoted(fresh.get(i))
            ),
        )
    }
}

/// `took 1.002 s` becomes `took 1.# s`.
fn without_fractions(line: &str) -> String {
    let mut masked = String::new();
    let mut rest = line;
    while let Some(point) = rest.find('.') {
        let (before, after) = (&rest[..point], &rest[point + 1..]);
        let fraction = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        masked += before;
        masked += if fraction > 0 && before.ends_with(|c: char| c.is_ascii_digit()) {
            ".#"
        } else {
            &rest[point..=point + fraction]
        };
        rest = &after[fraction..];
    }
    masked + rest
}

/// `  took  1,002.5 ms` becomes ` took #`: a number with the spaces before it and a unit of time after it.
fn without_numbers(line: &str) -> String {
    const UNITS: [&str; 4] = ["ns", "µs", "ms", "s"];
    let mut masked = String::new();
    let mut rest = line;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        masked += rest[..start].trim_end_matches(' ');
        masked += " #";
        let number = &rest[start..];
        let end = number
            .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
            .unwrap_or(number.len());
        let length = number[..end].trim_end_matches(['.', ',']).len();
        rest = &number[length..];
        let unit = rest.trim_start_matches(' ');
        let behind = UNITS.iter().find_map(|u| {
            unit.strip_prefix(u)
                .filter(|r| !r.starts_with(char::is_alphanumeric))
        });
        rest = behind.unwrap_or(rest);
    }
    masked + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tolerance(words: &str) -> Tolerance {
        Tolerance::parse(&mut Options::new(
            "output",
            words.split_whitespace().collect(),
        ))
        .unwrap()
    }

    fn allows(words: &str, shown: &str, fresh: &str) -> bool {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        tolerance(words).allows(&lines(shown), &lines(fresh))
    }

    #[test]
    fn without_a_mask_each_byte_counts() {
        assert!(allows("", "a\n1.002 s", "a\n1.002 s"));
        assert!(!allows("", "1.002 s", "1.003 s"));
        assert!(!allows("", "a", "a\n\n"), "an empty line more");
    }

    #[test]
    fn fractions_may_differ_and_whole_seconds_may_not() {
        assert!(allows("mask", "took 1.002 s.", "took 1.0175 s."));
        assert!(!allows("mask", "1.002 s", "2.002 s"));
        assert!(!allows("mask", "end. 1", "end. 2"));
        assert!(!allows("mask", "v.5", "v.6"), "no number before the point");
    }

    #[test]
    fn all_numbers_may_differ_with_their_spaces_and_units() {
        assert!(allows(
            "mask=numbers",
            "  100    55.0 µs  3.2",
            "  100   1,380.5 ns  22.5"
        ));
        assert!(allows("mask=numbers", "9 ms, then 7", "10 s, then 8"));
        assert!(!allows("mask=numbers", "9 sockets", "9 tasks"));
    }

    #[test]
    fn words_may_come_in_any_order() {
        assert!(allows("any-order", "[\"a\", \"b\"]", "[\"b\", \"a\"]"));
        assert!(allows("any-order mask", "a 1.5\nb", "b\na 1.7"));
        assert!(!allows("any-order", "a b", "a b b"));
        assert!(!allows("any-order mask", "a 1.5", "a 2.5"));
    }

    #[test]
    fn the_first_difference_is_named() {
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let (line, named) =
            tolerance("mask").first_difference(&lines("1.1\nb"), &lines("1.2\nc\nd"));
        assert_eq!(line, 1);
        assert_eq!(named, "it shows `b`, and has to show `c`");
        let (line, named) = tolerance("").first_difference(&lines("a"), &lines("a\nb"));
        assert_eq!(line, 1);
        assert_eq!(named, "it shows nothing, and has to show `b`");
    }
}
