//! Fits names into columns, whatever they are made of.

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

/// Returns how many columns a character takes: none for marks that stand on the one before, two for
/// those of East Asia and for pictures. It follows Unicode's `EastAsianWidth.txt`, by whole blocks.
fn width(char: char) -> usize {
    match u32::from(char) {
        0x300..=0x36f | 0x483..=0x489 | 0x591..=0x5bd | 0x610..=0x61a | 0x64b..=0x65f => 0,
        0x1ab0..=0x1aff | 0x1dc0..=0x1dff | 0x200b..=0x200d | 0x2060 | 0x20d0..=0x20ff => 0,
        0xfe00..=0xfe0f | 0xfe20..=0xfe2f | 0xfeff | 0x1f3fb..=0x1f3ff | 0xe0100..=0xe01ef => 0,
        0x1100..=0x115f | 0x2e80..=0x303e | 0x3041..=0x33ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff => {
            2
        }
        0xa000..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 => {
            2
        }
        0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f680..=0x1f6ff
        | 0x1f900..=0x1faff
        | 0x20000..=0x3fffd => 2,
        // Signs that are drawn as pictures, one here and there among narrow ones.
        0x231a..=0x231b | 0x23e9..=0x23ec | 0x23f0 | 0x23f3 | 0x25fd..=0x25fe | 0x2614..=0x2615 => {
            2
        }
        0x2648..=0x2653
        | 0x267f
        | 0x2693
        | 0x26a1
        | 0x26aa..=0x26ab
        | 0x26bd..=0x26be
        | 0x26c4..=0x26c5 => 2,
        0x26ce
        | 0x26d4
        | 0x26ea
        | 0x26f2..=0x26f3
        | 0x26f5
        | 0x26fa
        | 0x26fd
        | 0x2705
        | 0x270a..=0x270b => 2,
        0x2728 | 0x274c | 0x274e | 0x2753..=0x2755 | 0x2757 | 0x2795..=0x2797 | 0x27b0 | 0x27bf => {
            2
        }
        0x2b1b..=0x2b1c | 0x2b50 | 0x2b55 | 0x1f004 | 0x1f0cf | 0x1f18e | 0x1f191..=0x1f19a => 2,
        0x1f200..=0x1f265 | 0x1f7e0..=0x1f7f0 | 0x17000..=0x18d08 | 0x1aff0..=0x1b2fb => 2,
        _ => 1,
    }
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
    fn what_would_move_the_cursor_is_replaced() {
        assert_eq!(
            shown("a\nb\x1b[2J\u{202e}c\u{2028}"),
            "a\u{fffd}b\u{fffd}[2J\u{fffd}c\u{fffd}"
        );
        assert_eq!(shown("naïve 日本 🦀"), "naïve 日本 🦀");
    }
}
