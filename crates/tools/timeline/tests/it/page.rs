//! Does the page hold all that happened, and nothing else: no name that acts, nothing from outside?

use step5_executor::{sleep, spawn, yield_now};
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
"hasWakers":false,"isVirtual":true,"isCut":false,"lacksLines":false,
"steps":[["spawned",0,0],
["runs",0,0],
["suspended",0,0,[0,1]],
["waited",null,1,"1 s"],
["woken",0,1,["timer"]],
["runs",0,1],
["spawned",1,1],
["suspended",0,1,[2]],
["runs",1,1],
["suspended",1,1,[3]],
["waited",null,2,"2 s"],
["woken",1,2,["timer"]],
["runs",1,2],
["finished",1,2],
["woken",0,2,["end",1]],
["runs",0,2],
["finished",0,2]],
"times":[[0.00125,"0 s"],[0.50000,"1 s"],[0.99875,"2 s"]],
"waits":[["socket","waits to read from socket 1","socket 1",null,1],
["sleeping","sleeps until 1 s","until_1_s",1000000000,null],
["joining","waits for the end of task 1","→ task 1",null,1],
["sleeping","sleeps until 2 s","until_2_s",2000000000,null]],
"lines":[]}],
"files":[]}"#;
    // A note about a time is not broken into lines.
    let runs = runs.replace('\u{a0}', "_");
    let lines_of_waits = runs.replace("],[\"sleeping", "],\n[\"sleeping");
    let lines_of_waits = lines_of_waits.replace("],[\"joining", "],\n[\"joining");
    assert_eq!(lines_of_waits, expected);
    assert_eq!(texts(&pieces, "title"), ["A title"]);
    assert_eq!(texts(&pieces, "h2"), ["a run: 2 s"]);
}

/// Returns the steps of a page's first run.
fn steps(recording: Recording) -> Vec<String> {
    let (_, pieces) = page(&Picture::from(recording));
    let data = &texts(&pieces, "script")[0];
    let (_, steps) = data.split_once("\"steps\":[").unwrap();
    let (steps, _) = steps.split_once("],\n\"times\"").unwrap();
    steps.split(",\n").map(str::to_owned).collect()
}

#[test]
fn what_a_reader_sees_as_one_move_is_one_step() {
    let steps = steps(reported(|_| {
        trace::spawned(0, "main");
        trace::woken(0);
        trace::resumed(0);
        trace::spawned(1, "");
        trace::woken(1);
        // It makes itself ready and is suspended.
        trace::woken(0);
        trace::suspended(0, Some(Reason::Turn));
        // Neither of the two is ready.
        trace::spawned(2, "");
        trace::spawned(3, "");
        trace::woken(2);
    }));
    let expected = [
        r#"["spawned",0,0]"#,
        r#"["runs",0,0]"#,
        r#"["spawned",1,1]"#,
        r#"["yields",0,1]"#,
        r#"["appears",2,1]"#,
        r#"["appears",3,1]"#,
        r#"["woken",2,1,["outside"]]"#,
        r#"["ends",null,1]"#,
    ];
    assert_eq!(steps.len(), expected.len(), "{steps:?}");
    for (step, expected) in steps.iter().zip(expected) {
        let what = |step: &str| step.split(',').take(2).collect::<String>();
        assert_eq!(what(step), what(expected), "{steps:?}");
    }
}

#[test]
fn a_task_is_woken_while_it_runs() {
    let steps = steps(reported(|start| {
        trace::spawned(0, "main");
        trace::woken(0);
        trace::resumed(0);
        trace::woken(0);
        // To be woken again changes nothing.
        trace::woken(0);
        trace::spawned(1, "");
        trace::woken(1);
        trace::suspended(0, Some(Reason::Sleep(Some(start + SECOND))));
        trace::resumed(0);
        trace::finished(0);
        trace::cancelled(1);
    }));
    let expected = [
        r#"["spawned",0,0]"#,
        r#"["runs",0,0]"#,
        r#"["again",0,1,["itself"]]"#,
        r#"["spawned",1,1]"#,
        r#"["stays",0,1]"#,
        r#"["runs",0,2]"#,
        r#"["finished",0,3]"#,
        r#"["cancelled",1,3]"#,
    ];
    assert_eq!(steps, expected);
}

/// The places in the queue are those of the wakes, and of an end nothing is left in it.
#[test]
fn a_task_runs_that_is_not_at_the_front() {
    let steps = steps(reported(|_| {
        for task in 0..4 {
            trace::spawned(task, "");
            trace::woken(task);
        }
        trace::cancelled(0);
        trace::resumed(2);
        trace::woken(2);
        trace::suspended(2, Some(Reason::Turn));
        for task in [1, 3, 2] {
            trace::resumed(task);
            trace::finished(task);
        }
    }));
    let runs = steps
        .iter()
        .filter(|step| step.starts_with("[\"runs\",") || step.starts_with("[\"picked\","));
    let runs: Vec<_> = runs.map(|step| step.rsplit_once(',').unwrap().0).collect();
    let expected = ["[\"picked\",2", "[\"runs\",1", "[\"runs\",3", "[\"runs\",2"];
    assert_eq!(runs, expected, "{steps:?}");
}

#[test]
fn a_task_that_was_woken_unheard_runs() {
    let steps = steps(reported(|_| {
        trace::spawned(0, "main");
        trace::resumed(0);
        trace::suspended(0, None);
    }));
    let expected = [
        r#"["appears",0,0]"#,
        r#"["unheard",0,0]"#,
        // It has not said what it waits for.
        r#"["suspended",0,1,[0]]"#,
        r#"["ends",null,1]"#,
    ];
    assert_eq!(steps, expected);
}

#[test]
fn each_wake_has_its_cause() {
    let steps = steps(recorded(async {
        let sleeper = spawn(async {
            sleep(SECOND).await;
        });
        yield_now().await;
        sleeper.await.unwrap();
    }));
    for (what, cause) in [("woken\",1", "[\"timer\"]"), ("woken\",0", "[\"end\",1]")] {
        let is_it = |step: &&String| step.contains(what) && step.ends_with(&format!("{cause}]"));
        assert_eq!(steps.iter().filter(is_it).count(), 1, "{steps:?}");
    }
    assert_eq!(count(&steps, "yields"), 1, "{steps:?}");
    assert_eq!(count(&steps, "waited"), 1, "{steps:?}");
}

fn count(steps: &[String], what: &str) -> usize {
    let begin = format!("[\"{what}\",");
    steps.iter().filter(|step| step.starts_with(&begin)).count()
}

/// `</script>`: the page has the text of this file in it.
#[test]
fn code_and_output_are_shown_and_do_nothing() {
    let recorder = timeline::Recorder::with_code();
    let executor = step5_executor::Executor::with_virtual_time().unwrap();
    executor.block_on(async {
        trace::printed("</script><script>alert(2)");
        sleep(SECOND).await;
    });
    let (page, pieces) = page(&recorder.picture("code"));
    let scripts = texts(&pieces, "script");
    assert_eq!(scripts.len(), 2);
    let printed = r#"["printed",0,0,"\u003c/script\u003e\u003cscript\u003ealert(2)",[0,0]]"#;
    assert!(scripts[0].contains(printed), "{}", scripts[0]);
    assert!(!page.contains("<script>alert(2)"));
    let file = r#""files":[["crates/tools/timeline/tests/it/page.rs","//! Does the page"#;
    assert!(scripts[0].contains(file));
    assert!(scripts[0].contains("fn code_and_output_are_shown"));
    assert!(scripts[0].contains("\"lines\":[[[0,"), "{}", scripts[0]);
}

/// To look for lines takes time, so it has an end; the page says so.
#[test]
fn lines_end_before_the_run_does() {
    for (printed, lacks) in [(10, false), (10_000, true)] {
        let recorder = timeline::Recorder::with_code();
        trace::started(None, false);
        trace::resumed(0);
        for _ in 0..printed {
            trace::printed("a line");
        }
        trace::finished(0);
        let page = recorder.picture("").to_html();
        assert!(page.contains(&format!("\"lacksLines\":{lacks},")));
        assert!(page.contains("\"isVirtual\":false"));
    }
}

/// A step takes some 30 bytes, however many there are.
#[test]
fn the_size_of_a_page_grows_with_its_steps() {
    let size = |turns: u32| {
        let recording = recorded(async move {
            for _ in 0..turns {
                yield_now().await;
            }
        });
        Picture::from(recording).to_html().len()
    };
    let (none, few, many) = (size(0), size(1_000), size(10_000));
    // A turn is two steps, and a time, which is the number of the turn.
    assert!(few - none < 1_000 * 100, "{none} {few}");
    assert!(many - none < 10_000 * 100, "{none} {many}");
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
