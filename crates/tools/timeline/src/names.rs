//! Fits names into columns, whatever they are made of.

use std::sync::LazyLock;

/// Makes a name safe to show in a line: what would end the line, move the cursor or turn the
/// direction of writing is replaced.
pub(crate) fn shown(name: &str) -> String {
    name.chars()
        .map(|char| {
            if is_unsafe(char) {
                char::REPLACEMENT_CHARACTER
            } else {
                char
            }
        })
        .collect()
}

/// Cuts a name to a number of columns at most; what is left out is marked by `…`.
pub(crate) fn cut(name: &str, most: usize) -> String {
    let (mut taken, mut fits) = (0, 0);
    for (place, char) in name.char_indices() {
        taken += width(char);
        if taken > most {
            return format!("{}…", &name[..fits]);
        }
        if taken < most {
            fits = place + char.len_utf8();
        }
    }
    name.to_owned()
}

/// Cuts a text between words into lines of so many columns at most, all but the first of which
/// begin with the indent. A word that is too long is cut.
pub(crate) fn wrap(text: &str, width: usize, indent: &str) -> Vec<String> {
    let (mut lines, mut line, mut taken) = (vec![], String::new(), 0);
    for word in text.split(' ') {
        let word = cut(word, width - columns(indent));
        let more = columns(&word);
        if !line.is_empty() && taken + 1 + more > width {
            lines.push(std::mem::replace(&mut line, indent.to_owned()));
            taken = columns(indent);
        } else if !line.is_empty() {
            line.push(' ');
            taken += 1;
        }
        line += &word;
        taken += more;
    }
    lines.push(line);
    lines
}

/// Cuts a name like [`cut`], and pads it with spaces.
pub(crate) fn fit(name: &str, columns_wanted: usize) -> String {
    let mut name = cut(name, columns_wanted);
    name.extend(std::iter::repeat_n(
        ' ',
        columns_wanted.saturating_sub(columns(&name)),
    ));
    name
}

/// Escapes a text for XML and HTML, between tags or in the quotes of an attribute.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for char in text.chars() {
        match char {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&#39;",
            char => escaped.push(char),
        }
    }
    escaped
}

/// Returns how many columns of a terminal a text takes.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

fn is_unsafe(char: char) -> bool {
    // The marks and signs of the direction of writing, the separators of lines and paragraphs, and
    // what XML forbids.
    let is_direction = matches!(
        char,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    char.is_control()
        || is_direction
        || matches!(char, '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}')
}

/// Which characters take no column, because they stand on the one before, and which take two. Each
/// line has a number of columns, and ranges in hexadecimal, by Unicode's general categories and
/// East Asian widths.
const WIDTHS: &str = include_str!("widths.txt");

/// Returns how many columns a character takes.
fn width(char: char) -> usize {
    static RANGES: LazyLock<Vec<(u32, u32, usize)>> = LazyLock::new(ranges);
    if char.is_ascii() {
        return 1;
    }
    let char = u32::from(char);
    let place = RANGES.partition_point(|(first, _, _)| *first <= char);
    match place.checked_sub(1).map(|before| RANGES[before]) {
        Some((_, last, width)) if char <= last => width,
        _ => 1,
    }
}

fn ranges() -> Vec<(u32, u32, usize)> {
    let number = |digits| u32::from_str_radix(digits, 16).expect("it is hexadecimal");
    let mut ranges = vec![];
    for line in WIDTHS.lines() {
        let (width, list) = line.split_at(1);
        for range in list.split_whitespace() {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            ranges.push((number(first), number(last), number(width) as usize));
        }
    }
    ranges.sort();
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_cut_by_columns_between_characters() {
        assert_eq!(cut("request", 7), "request");
        assert_eq!(cut("request", 6), "reque…");
        assert_eq!(cut("日本語", 6), "日本語");
        assert_eq!(cut("日本語", 5), "日本…");
        assert_eq!(cut("日本語", 4), "日…");
        assert_eq!(fit("日本語", 4), "日… ");
        assert_eq!(fit("e\u{301}", 3), "e\u{301}  ");
        assert_eq!(fit("", 2), "  ");
    }

    #[test]
    fn marks_take_no_column() {
        let texts = [
            // Kana, Hangul by vowels and finals, Thai, Devanagari, Hebrew, Arabic.
            ("\u{304b}\u{3099}", 2),
            ("\u{1112}\u{1161}\u{11ab}", 2),
            ("\u{e17}\u{e35}\u{e48}", 1),
            ("\u{915}\u{94d}\u{937}\u{941}", 2),
            ("\u{5e9}\u{5c1}\u{5b8}", 1),
            ("\u{628}\u{64e}\u{651}", 1),
            ("e\u{301}\u{200d}", 1),
            ("日本🦀✅", 8),
            ("naïve", 5),
        ];
        for (text, expected) in texts {
            assert_eq!(columns(text), expected, "{text}");
        }
    }

    /// Each character is looked at a few times, however many there are.
    #[test]
    fn a_long_name_is_cut_in_one_pass() {
        let marks = format!("a{}", "\u{301}".repeat(2_000_000));
        assert_eq!(cut(&marks, 10), marks);
        assert_eq!(fit(&format!("{marks}bc"), 2), format!("{marks}…"));
    }

    #[test]
    fn what_would_move_the_cursor_is_replaced() {
        assert_eq!(
            shown("a\nb\x1b[2J\u{202e}c\u{2028}"),
            "a\u{fffd}b\u{fffd}[2J\u{fffd}c\u{fffd}"
        );
        assert_eq!(shown("naïve 日本 🦀"), "naïve 日本 🦀");
    }
}
