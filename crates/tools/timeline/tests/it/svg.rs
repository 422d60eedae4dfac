//! Is the SVG image well-formed, safe, and of use to those who cannot see it?

use step5_executor::{sleep, spawn};
use timeline::{Picture, Recording};

use crate::markup::{Piece, read, texts};
use crate::support::{HOSTILE, SECOND, named, recorded};

fn svg(picture: &Picture) -> (String, Vec<Piece>) {
    let svg = picture.to_svg();
    let pieces = read(&svg, &[], &[]);
    (svg, pieces)
}

/// What a name looks like where it cannot do harm.
fn harmless(name: &str) -> String {
    let is_harmful = |char: char| char.is_control() || matches!(char, '\u{2028}' | '\u{202e}');
    name.chars()
        .map(|char| if is_harmful(char) { '\u{fffd}' } else { char })
        .collect()
}

#[test]
fn it_says_in_words_what_it_shows() {
    let recording = recorded(async {
        spawn(sleep(SECOND)).await.unwrap();
        sleep(SECOND).await;
    });
    let (svg, pieces) = svg(&Picture::new("A title").run(recording.titled("a run")));
    assert_eq!(texts(&pieces, "title")[0], "A title");
    let expected = "a run: 2 s. main: running at 0 s, joining from 0 s to 1 s, running at 1 s, \
        sleeping from 1 s to 2 s, running at 2 s, done at 2 s. \
        task 1: running at 0 s, sleeping from 0 s to 1 s, \
        running at 1 s, done at 1 s. 5 turns, 5 wakes, 3 waits: 2 sleeping, 1 joining.";
    assert_eq!(texts(&pieces, "desc"), [expected]);
    assert!(svg.contains("role=\"img\""));
}

#[test]
fn it_has_no_scripts_and_nothing_from_outside() {
    let (svg, pieces) = svg(&Picture::from(named(&HOSTILE)));
    assert!(svg.contains("@media screen and (prefers-color-scheme: dark)"));
    for piece in &pieces {
        let Piece::Open(name, attributes) = piece else {
            continue;
        };
        assert!(
            ["svg", "title", "desc", "style", "rect", "path", "text"].contains(&&**name),
            "{name}"
        );
        for (attribute, _) in attributes {
            assert!(
                !attribute.starts_with("on") && !attribute.contains("href"),
                "{attribute}"
            );
        }
    }
    assert!(
        !svg.contains("@import") && svg.matches("http").count() == 1,
        "only the name of the language"
    );
}

#[test]
fn two_images_in_a_page_share_no_ids() {
    let (svg, pieces) = svg(&Picture::new("a title").run(named(&["a"; 3])));
    for piece in pieces {
        if let Piece::Open(_, attributes) = piece {
            assert!(attributes.iter().all(|(name, _)| name != "id"), "{svg}");
        }
    }
    assert!(!svg.contains("url(#"), "{svg}");
}

/// A page of 390 pixels has 358 for pictures.
#[test]
fn letters_have_nine_pixels_on_a_phone() {
    let (svg, _) = svg(&Picture::from(named(&["a"])));
    let (_, width) = svg.split_once("width=\"").unwrap();
    let width: f64 = width.split_once('"').unwrap().0.parse().unwrap();
    let sizes = svg.split("px").map(|before| {
        let digits = before.trim_end_matches(|char: char| char.is_ascii_digit());
        before[digits.len()..].parse::<f64>()
    });
    let sizes: Vec<_> = sizes.filter_map(Result::ok).collect();
    assert!(sizes.len() >= 2, "{sizes:?}");
    let is_legible = |size: &f64| size * 358.0 / width >= 9.0;
    assert!(sizes.iter().all(is_legible), "{sizes:?} of {width}");
}

#[test]
fn names_are_shown_as_they_are_and_do_nothing() {
    let (_, pieces) = svg(&Picture::new(HOSTILE[0]).run(named(&HOSTILE).titled(HOSTILE[1])));
    let shown = texts(&pieces, "text").join("\n");
    for name in HOSTILE.iter().filter(|name| name.chars().count() <= 18) {
        assert!(shown.contains(&harmless(name)), "{name:?} in {shown}");
    }
    // One that is too long is cut, and whole in its title.
    assert!(
        texts(&pieces, "title")
            .iter()
            .any(|title| *title == harmless(HOSTILE[5]))
    );
    assert!(shown.contains("</title></desc></…"));
}

#[test]
fn any_run_is_well_formed() {
    let many = recorded(async {
        let tasks: Vec<_> = (0..100).map(|i| spawn(sleep(i * SECOND))).collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
    for recording in [Recording::default(), recorded(async {}), many.clone()] {
        svg(&Picture::from(recording));
    }
    let long = "long ".repeat(100);
    let (_, pieces) = svg(&Picture::new(&long).run(many.titled(&long)));
    let shown = texts(&pieces, "text");
    assert!(
        shown
            .iter()
            .any(|text| text == "… 78 more tasks, not shown"),
        "{shown:?}"
    );
    assert!(texts(&pieces, "desc")[0].contains("And 89 more tasks."));
}

#[test]
fn it_is_the_same_to_the_byte_each_time() {
    let draw = || Picture::from(recorded(async { spawn(sleep(SECOND)).await.unwrap() })).to_svg();
    assert_eq!(draw(), draw());
}
