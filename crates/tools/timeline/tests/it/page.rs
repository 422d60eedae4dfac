//! Does the page hold all that happened, and nothing else: no name that acts, nothing from outside?

use step5_executor::{sleep, spawn};
use timeline::{Picture, Recording};
use trace::Reason;

use crate::markup::{Piece, read, texts};
use crate::support::{HOSTILE, SECOND, named, recorded, reported};

fn page(picture: &Picture) -> (String, Vec<Piece>) {
    let page = picture.to_html();
    let pieces = read(&page, &["meta", "input"], &["style", "script"]);
    (page, pieces)
}

#[test]
fn it_holds_each_event_with_its_reasons() {
    let recording = reported(|start| {
        trace::spawned(0, "main");
        trace::woken(0);
        trace::resumed(0);
        trace::waits(Reason::Readable(7));
        trace::waits(Reason::Sleep(Some(start + SECOND)));
        trace::suspended(0, None);
        trace::waited(start + SECOND);
        trace::woken(0);
        trace::resumed(0);
        trace::spawned(1, "");
        trace::woken(1);
        trace::suspended(0, Some(Reason::Join(1)));
        trace::resumed(1);
        trace::suspended(1, Some(Reason::Sleep(Some(start + 2 * SECOND))));
        trace::waited(start + 2 * SECOND);
        trace::woken(1);
        trace::resumed(1);
        trace::finished(1);
        trace::woken(0);
        trace::resumed(0);
        trace::finished(0);
    });
    let (_, pieces) = page(&Picture::new("A title").run(recording.titled("a run")));
    let data = &texts(&pieces, "script")[0];
    let (places, runs) = data.split_once(",\n").unwrap();
    assert!(places.starts_with(r#"{"places":[["running","Running"],["ready","Ready queue"#));
    let expected = r#""runs":[{"title":"a run","tasks":[["main",null],["task 1",0]],
"events":[[0,"spawned",0.00125,"0 s",[]],
[0,"ready",0.00125,"0 s",[]],
[0,"runs",0.00125,"0 s",[]],
[0,"suspended",0.00125,"0 s",[["socket","waits to read from socket 1","socket 1",null],
["sleeping","sleeps until 1 s","until_1_s",1000000000]]],
[0,"ready",0.50000,"1 s",[]],
[0,"runs",0.50000,"1 s",[]],
[1,"spawned",0.50000,"1 s",[]],
[1,"ready",0.50000,"1 s",[]],
[0,"suspended",0.50000,"1 s",[["joining","waits for the end of task 1","→ task 1",null]]],
[1,"runs",0.50000,"1 s",[]],
[1,"suspended",0.50000,"1 s",[["sleeping","sleeps until 2 s","until_2_s",2000000000]]],
[1,"ready",0.99875,"2 s",[]],
[1,"runs",0.99875,"2 s",[]],
[1,"finished",0.99875,"2 s",[]],
[0,"ready",0.99875,"2 s",[]],
[0,"runs",0.99875,"2 s",[]],
[0,"finished",0.99875,"2 s",[]]]}]}"#;
    // A note about a time is not broken into lines.
    assert_eq!(
        runs.replace('\u{a0}', "_")
            .replace(r#"1",null],["#, "1\",null],\n["),
        expected
    );
    assert_eq!(texts(&pieces, "title"), ["A title"]);
    assert_eq!(texts(&pieces, "h2"), ["a run: 2 s"]);
}

#[test]
fn a_task_that_yields_waits_for_nothing() {
    let recording = reported(|_| {
        trace::resumed(0);
        trace::woken(0);
        trace::suspended(0, Some(Reason::Turn));
        trace::resumed(0);
        trace::suspended(0, None);
    });
    let (_, pieces) = page(&Picture::from(recording));
    let data = &texts(&pieces, "script")[0];
    assert!(
        data.contains(r#"[0,"yields",0.50000,"turn 1",[]]"#),
        "{data}"
    );
    let waits = r#""suspended",1.00000,"turn 2",[["waiting","waits for"#;
    assert!(data.contains(waits), "{data}");
}

#[test]
fn nothing_comes_from_outside() {
    let (page, pieces) = page(&Picture::from(named(&HOSTILE)));
    assert!(page.contains("default-src 'none'"));
    for word in [
        "http:", "https:", "//cdn", "url(", "@import", "fetch(", "src=",
    ] {
        assert!(!page.contains(word), "{word}");
    }
    let names = pieces.iter().filter_map(|piece| {
        if let Piece::Open(name, _) = piece {
            Some(&**name)
        } else {
            None
        }
    });
    assert!(!names.into_iter().any(|name| {
        [
            "link", "img", "iframe", "object", "embed", "a", "base", "form",
        ]
        .contains(&name)
    }));
}

#[test]
fn names_are_shown_as_they_are_and_do_nothing() {
    let picture = Picture::new(HOSTILE[5])
        .run(named(&HOSTILE).titled(HOSTILE[2]))
        .run(named(&HOSTILE).titled(HOSTILE[0]));
    let (page, pieces) = page(&picture);
    // The data and the player, and no other script.
    let scripts = texts(&pieces, "script");
    assert_eq!(scripts.len(), 2);
    // None of these may stand in a script that a browser reads as HTML first.
    assert!(
        !scripts[0].contains(['<', '>', '&', '\'', '\u{2028}', '\u{202e}', '\0', '\x1b']),
        "{}",
        scripts[0]
    );
    assert!(scripts[0].contains(r"\u003cscript\u003ealert(1)\u003c/script\u003e"));
    assert!(scripts[0].contains(r"]]\u003e --\u003e \u003c!-- {{data}}"));
    assert!(scripts[0].contains(r"\u005cu003c \u005c\u0022 ${1+1} `x`"));
    // In the rows they are text.
    let spans = texts(&pieces, "span");
    assert!(
        spans.contains(&HOSTILE[0].to_owned()) && spans.contains(&HOSTILE[2].to_owned()),
        "{spans:?}"
    );
    for piece in pieces {
        if let Piece::Open(_, attributes) = piece {
            assert!(
                attributes.iter().all(|(name, _)| !name.starts_with("on")),
                "{attributes:?}"
            );
        }
    }
    assert_eq!(
        page.matches("alert(1)").count(),
        page.matches("&lt;script&gt;alert(1)").count() + 3
    );
}

#[test]
fn each_run_has_its_rows_which_need_no_script() {
    let (page, pieces) = page(
        &Picture::new("")
            .run(named(&HOSTILE).titled("one"))
            .run(recorded(async {}).titled("two")),
    );
    assert!(
        page.contains("id=\"rows0\"")
            && page.contains("id=\"rows1\"")
            && !page.contains("id=\"rows2\"")
    );
    assert_eq!(texts(&pieces, "h2"), ["one: 17 turns", "two: 1 turn"]);
    assert_eq!(texts(&pieces, "title"), ["A schedule"]);
    assert!(page.contains("<noscript>"));
}

#[test]
fn any_run_is_well_formed() {
    let many = recorded(async {
        let tasks: Vec<_> = (0..100).map(|i| spawn(sleep(i * SECOND))).collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
    for recording in [Recording::default(), recorded(async {}), many] {
        page(&Picture::from(recording));
    }
    page(&Picture::new("no runs"));
}
