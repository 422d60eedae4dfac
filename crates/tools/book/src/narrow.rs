//! Code in fewer columns than its file has: as many as a page has room for.

use std::io::Write;
use std::process::{Command, Stdio};

/// How many columns shown code has.
pub(crate) const COLUMNS: usize = 80;

/// How many columns the sources have.
const FULL: usize = 100;

/// What rustfmt is told: to break lines that are longer, and no others.
const WIDTHS: &str = "fn_call_width=60,attr_fn_like_width=70,struct_lit_width=18,\
    struct_variant_width=35,array_width=60,chain_width=60,single_line_if_else_max_width=50,\
    single_line_let_else_max_width=50";

/// Lays out the text of a file of Rust anew, in this many columns.
pub(crate) fn narrow(text: &str, most: usize) -> Result<String, String> {
    let text = rustfmt(text, most).map_err(|error| format!("rustfmt: {error}"))?;
    let lines: Vec<&str> = text.lines().collect();
    let mut narrow = String::new();
    for run in lines.chunk_by(|one, other| is_one_paragraph(one, other)) {
        match run.iter().any(|line| columns(line) > most) {
            true if marker(run[0]).is_some() => wrap(run, most, &mut narrow),
            _ => run.iter().for_each(|line| push(&mut narrow, line)),
        }
    }
    Ok(narrow)
}

fn rustfmt(text: &str, most: usize) -> Result<String, String> {
    let mut rustfmt = Command::new("rustfmt");
    let config = format!("max_width={most},{WIDTHS}");
    rustfmt.args(["--quiet", "--edition", "2024", "--config", &config]);
    rustfmt.stdin(Stdio::piped()).stdout(Stdio::piped());
    rustfmt.stderr(Stdio::null());
    let mut child = rustfmt.spawn().map_err(|error| error.to_string())?;
    let mut stdin = child.stdin.take().ok_or("it has no input")?;
    let written = stdin.write_all(text.as_bytes());
    drop(stdin);
    let output = child.wait_with_output();
    let output = written.and(output).map_err(|error| error.to_string())?;
    match output.status.success() {
        true => String::from_utf8(output.stdout).map_err(|error| error.to_string()),
        false => Err("it does not understand this file".to_owned()),
    }
}

/// Returns what a line of a comment begins with; `None` if it is code, or must stay as it is.
fn marker(line: &str) -> Option<&str> {
    let text = line.trim_start();
    let slashes = text
        .find(|char| char != '/' && char != '!')
        .unwrap_or(text.len());
    let words = text[slashes..].trim_start();
    let is_prose = text.starts_with("//") && !words.is_empty();
    let is_layout = words.starts_with(['-', '*', '|', '#', '<']) || words.starts_with("```");
    let end = line.len() - text.len() + slashes;
    (is_prose && !is_layout).then(|| &line[..end])
}

/// Returns whether words of a line may get into the line above it: whether that line ends because
/// it is full.
fn is_one_paragraph(above: &str, line: &str) -> bool {
    let Some(marker) = marker(line).filter(|marker| self::marker(above) == Some(marker)) else {
        return false;
    };
    let word = line[marker.len()..].split_whitespace().next();
    columns(above) + 1 + word.map_or(0, columns) > FULL
}

fn wrap(paragraph: &[&str], most: usize, narrow: &mut String) {
    let marker = marker(paragraph[0]).unwrap_or("");
    let words = paragraph
        .iter()
        .flat_map(|line| line[marker.len()..].split_whitespace());
    let mut line = marker.to_owned();
    for word in words {
        if line != marker && columns(&line) + 1 + columns(word) > most {
            push(narrow, &line);
            line = marker.to_owned();
        }
        line += " ";
        line += word;
    }
    push(narrow, &line);
}

fn push(text: &mut String, line: &str) {
    text.extend([line, "\n"]);
}

pub(crate) fn columns(line: &str) -> usize {
    line.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_broken_and_others_stay() {
        let long =
            "a_long_name_of_a_function(with_an_argument, and_with_another_one, and_one_more)";
        let short = "one_line_of_seventy_columns(stays_as_it_is, though_it_is_rather_long);";
        let text = format!("fn f() {{\n    let x = {long};\n    {short}\n}}\n");
        let narrow = narrow(&text, 80).unwrap();
        assert!(narrow.lines().all(|line| columns(line) <= 80), "{narrow}");
        assert!(narrow.contains(&format!("\n    {short}\n")), "{narrow}");
        assert!(
            narrow.contains("(\n        with_an_argument,\n"),
            "{narrow}"
        );
    }

    #[test]
    fn comments_are_wrapped_by_the_paragraph() {
        let words = |count| vec!["nine-char"; count].join(" ");
        let text = format!("// {}\n// nine-char end\n// SAFETY: other\n", words(9));
        let text = format!("{text}//\n// last\nfn f() {{}}\n");
        let expected = format!("// {}\n// {} end\n// SAFETY: other\n", words(7), words(3));
        let expected = format!("{expected}//\n// last\nfn f() {{}}\n");
        assert_eq!(narrow(&text, 80).unwrap(), expected);
    }

    #[test]
    fn what_is_not_rust_is_told() {
        assert!(narrow("fn f( {", 80).unwrap_err().starts_with("rustfmt: "));
    }
}
