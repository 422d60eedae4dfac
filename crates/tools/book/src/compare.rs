//! Whether what a page shows is as good as what a program prints now.

/// What may differ from run to run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tolerance {
    /// Numbers may differ, the spaces that align them, and units of time.
    pub(crate) mask: bool,
    /// Words may come in any order.
    pub(crate) any_order: bool,
}

impl Tolerance {
    pub(crate) fn allows(self, shown: &[String], fresh: &[String]) -> bool {
        let lines = |lines: &[String]| -> Vec<String> {
            let masked = lines.iter().map(|line| self.masked(line));
            match self.any_order {
                false => masked.collect(),
                true => sorted_words(&masked.collect::<Vec<_>>().join("\n")),
            }
        };
        lines(shown) == lines(fresh)
    }

    fn masked(self, line: &str) -> String {
        match self.mask {
            true => without_numbers(line),
            false => line.to_owned(),
        }
    }

    /// Returns in which line the first difference is, from 0, and what it is.
    pub(crate) fn first_difference(self, shown: &[String], fresh: &[String]) -> (usize, String) {
        let masked = |line: Option<&String>| line.map(|line| self.masked(line));
        let differs = |i: &usize| masked(shown.get(*i)) != masked(fresh.get(*i));
        // With any order, the lines may be alike but for the order of their words.
        let line = (0..shown.len().max(fresh.len())).find(differs).unwrap_or(0);
        let quoted = |lines: &[String]| match lines.get(line) {
            Some(line) => format!("`{line}`"),
            None => "nothing".to_owned(),
        };
        let difference = format!(
            "it shows {}, and must show {}",
            quoted(shown),
            quoted(fresh)
        );
        (line, difference)
    }
}

fn sorted_words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '#'));
    let mut words: Vec<String> = words.map(str::to_owned).collect();
    words.retain(|word| !word.is_empty());
    words.sort();
    words
}

/// Makes `  took  1,002.5 ms` to ` took #`: a number goes with the spaces before it and a unit of
/// time after it.
fn without_numbers(line: &str) -> String {
    const UNITS: [&str; 4] = ["ns", "µs", "ms", "s"];
    let mut masked = String::new();
    let mut rest = line;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        masked += rest[..start].trim_end_matches(' ');
        masked += " #";
        let number = &rest[start..];
        let end = number.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',');
        let length = number[..end.unwrap_or(number.len())]
            .trim_end_matches(['.', ','])
            .len();
        rest = &number[length..];
        let unit = rest.trim_start_matches(' ');
        let behind = UNITS.iter().find_map(|name| {
            let behind = unit.strip_prefix(name)?;
            (!behind.starts_with(char::is_alphanumeric)).then_some(behind)
        });
        rest = behind.unwrap_or(rest);
    }
    masked + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    fn allows(words: &str, shown: &str, fresh: &str) -> bool {
        let (mask, any_order) = (words.contains("mask"), words.contains("any-order"));
        Tolerance { mask, any_order }.allows(&lines(shown), &lines(fresh))
    }

    #[test]
    fn without_a_mask_each_byte_counts() {
        assert!(allows("", "a\n1.002 s", "a\n1.002 s"));
        assert!(!allows("", "1.002 s", "1.003 s"));
        assert!(!allows("", "a", "a\n\n"), "an empty line more");
    }

    #[test]
    fn numbers_may_differ_with_spaces_and_units() {
        assert!(allows("mask", "took 1.002 s.", "took 12.0175 s."));
        let (shown, fresh) = ("  100    55.0 µs  3.2", "  100   1,380.5 ns  22.5");
        assert!(allows("mask", shown, fresh));
        assert!(allows("mask", "9 ms, then 7", "10 s, then 8"));
        assert!(!allows("mask", "9 sockets", "9 tasks"));
    }

    #[test]
    fn words_may_come_in_any_order() {
        assert!(allows("any-order", "[\"a\", \"b\"]", "[\"b\", \"a\"]"));
        assert!(allows("any-order mask", "a 1.5\nb", "b\na 2.7"));
        assert!(!allows("any-order", "a b", "a b b"));
        assert!(!allows("any-order", "a 1", "a 2"));
    }

    #[test]
    fn the_first_difference_is_named() {
        let mask = Tolerance {
            mask: true,
            ..Tolerance::default()
        };
        let (line, named) = mask.first_difference(&lines("1.1\nb"), &lines("1.2\nc\nd"));
        assert_eq!(
            (line, named.as_str()),
            (1, "it shows `b`, and must show `c`")
        );
        let exact = Tolerance::default();
        let (line, named) = exact.first_difference(&lines("a"), &lines("a\nb"));
        assert_eq!(
            (line, named.as_str()),
            (1, "it shows nothing, and must show `b`")
        );
    }
}
