//! A reader of XML and HTML that accepts only what is well-formed.

/// What a page is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Open(String, Vec<(String, String)>),
    Close(String),
    Text(String),
}

/// Reads a document, and panics where it is not well-formed: a stray `<` or `&`, a quote or a tag
/// that is not closed. `empty` are the names of elements that are never closed, `raw` of those in
/// which there are no tags.
pub(crate) fn read(document: &str, empty: &[&str], raw: &[&str]) -> Vec<Piece> {
    let mut pieces = vec![];
    let mut open: Vec<String> = vec![];
    let mut rest = document.strip_prefix("<!doctype html>").unwrap_or(document);
    while !rest.is_empty() {
        let Some(tag) = rest.strip_prefix('<') else {
            let (text, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
            pieces.push(Piece::Text(unescaped(text)));
            rest = after;
            continue;
        };
        if let Some(after) = tag.strip_prefix('/') {
            let (name, after) = after.split_once('>').expect("a tag ends");
            assert_eq!(
                open.pop().as_deref(),
                Some(name),
                "the end of something that is not open"
            );
            pieces.push(Piece::Close(name.to_owned()));
            rest = after;
            continue;
        }
        let (name, mut after) = word(tag);
        let mut attributes = vec![];
        let is_closed = loop {
            after = after.trim_start();
            if let Some(end) = after.strip_prefix("/>") {
                after = end;
                break true;
            }
            if let Some(end) = after.strip_prefix('>') {
                after = end;
                break false;
            }
            let (attribute, value) = word(after);
            match value.strip_prefix("=\"") {
                Some(value) => {
                    let (value, end) = value.split_once('"').expect("a quote is closed");
                    attributes.push((attribute.to_owned(), unescaped(value)));
                    after = end;
                }
                // As in `<option selected>`.
                None => {
                    attributes.push((attribute.to_owned(), String::new()));
                    after = value;
                }
            }
        };
        pieces.push(Piece::Open(name.to_owned(), attributes));
        rest = after;
        if raw.contains(&name) {
            let (text, after) = rest
                .split_once(&format!("</{name}>"))
                .expect("it is closed");
            pieces.push(Piece::Text(text.to_owned()));
            pieces.push(Piece::Close(name.to_owned()));
            rest = after;
        } else if !is_closed && !empty.contains(&name) {
            open.push(name.to_owned());
        }
    }
    assert!(open.is_empty(), "{open:?} are not closed");
    pieces
}

/// Returns the texts inside all elements of a name, and inside the elements in them as well.
pub(crate) fn texts(pieces: &[Piece], name: &str) -> Vec<String> {
    let starts = pieces
        .iter()
        .enumerate()
        .filter(|(_, piece)| matches!(piece, Piece::Open(open, _) if open == name));
    starts
        .map(|(start, _)| {
            let end = pieces[start..]
                .iter()
                .position(|piece| matches!(piece, Piece::Close(close) if close == name));
            let inside = &pieces[start..start + end.expect("it is closed")];
            inside
                .iter()
                .filter_map(|piece| {
                    if let Piece::Text(text) = piece {
                        Some(&**text)
                    } else {
                        None
                    }
                })
                .collect()
        })
        .collect()
}

fn word(text: &str) -> (&str, &str) {
    let end = text.find(|char: char| !(char.is_ascii_alphanumeric() || char == '-' || char == ':'));
    let (word, rest) = text.split_at(end.expect("a tag ends"));
    assert!(!word.is_empty(), "a stray < before {rest:.40}");
    (word, rest)
}

fn unescaped(text: &str) -> String {
    let mut pieces = text.split('&');
    let mut unescaped = pieces.next().unwrap().to_owned();
    for piece in pieces {
        let (name, rest) = piece
            .split_once(';')
            .unwrap_or_else(|| panic!("a stray & before {piece:.40}"));
        unescaped.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "#39" => '\'',
            other => panic!("the entity {other} is not known"),
        });
        unescaped += rest;
    }
    assert!(
        !unescaped.contains(|char: char| char.is_control() && char != '\n'),
        "{unescaped:?}"
    );
    unescaped
}
