//! Are messages drawn as arrows, and the tasks that carry them not at all?

use std::time::Duration;

use timeline::{Picture, Recording, What};
use trace::{Fate, Message};

use crate::markup::{Piece, read, texts};
use crate::support::{SECOND, reported};

/// A run in which a client sends messages to a server, one of each fate. Each is carried by a task.
fn chat() -> Recording {
    reported(|start| {
        trace::spawned(0, "client");
        trace::woken(0);
        trace::resumed(0);
        trace::spawned(1, "server");
        trace::woken(1);
        trace::suspended(0, None);
        let fates = [Fate::Delivered, Fate::Doubled, Fate::Late, Fate::Lost];
        for (i, fate) in (1..).zip(fates) {
            let carrier = 1 + u64::from(i);
            trace::resumed(0);
            trace::spawned(carrier, "");
            trace::woken(carrier);
            trace::carries(carrier);
            trace::suspended(0, None);
            trace::resumed(carrier);
            trace::suspended(carrier, None);
            trace::waited(start + i * SECOND);
            trace::woken(carrier);
            trace::resumed(carrier);
            trace::message(Message {
                from: Some(0),
                to: Some(1),
                sent: start + (i - 1) * SECOND,
                fate,
            });
            trace::finished(carrier);
        }
    })
}

#[test]
fn the_carriers_of_messages_have_no_rows() {
    let recording = chat();
    let names: Vec<_> = recording.tasks.iter().map(|task| &task.name[..]).collect();
    assert_eq!(names, ["client", "server"]);
    assert!(recording.events.iter().all(|event| event.task < 2));
    let text = Picture::from(recording).to_text(80);
    let counts = "4 messages: 1 delivered, 1 doubled, 1 late, 1 lost\n";
    assert!(text.contains(counts), "{text}");
}

#[test]
fn a_message_happens_to_its_receiver() {
    let recording = chat();
    let (at, first) = recording.messages().next().unwrap();
    assert_eq!((at, first.sent), (SECOND, Duration::ZERO));
    assert_eq!((first.from, first.to), (Some(0), Some(1)));
    let is_message = |event: &&timeline::Event| matches!(event.what, What::Message(_));
    assert!(
        recording
            .events
            .iter()
            .filter(is_message)
            .all(|event| event.task == 1)
    );
}

#[test]
fn an_image_has_an_arrow_for_each_message() {
    let svg = Picture::from(chat()).to_svg();
    let pieces = read(&svg, &[], &[]);
    let paths = |class: &str| {
        let is_path = |piece: &&Piece| match piece {
            Piece::Open(name, attributes) => {
                name == "path" && attributes.iter().any(|(_, value)| value == class)
            }
            _ => false,
        };
        pieces.iter().filter(is_path).count()
    };
    // A line and a head of two, in the picture and in the legend; a cross is of two as well.
    for class in ["m delivered", "m doubled", "m late", "m lost"] {
        assert_eq!(paths(class), 6, "{class}");
    }
    for name in ["message", "second copy", "too late", "lost"] {
        assert!(texts(&pieces, "text").contains(&name.to_owned()), "{name}");
    }
    let words = &texts(&pieces, "desc")[0];
    let expected = "A message from client to server, sent at 0 s, delivered at 1 s.";
    assert!(words.contains(expected), "{words}");
}

#[test]
fn a_page_plays_the_messages() {
    let page = Picture::from(chat()).to_html();
    let pieces = read(&page, &["meta", "input"], &["style", "script"]);
    let data = &texts(&pieces, "script")[0];
    for (what, when) in [("delivered", 1), ("doubled", 2), ("late", 3), ("lost", 4)] {
        let step = format!("[\"{what}\",1,{when},[0,1]]");
        assert!(data.contains(&step), "{data}");
        let steps = data.split_once("\"steps\":[").unwrap().1;
        let number = steps.lines().position(|line| line.contains(&step));
        // The arrow and its head.
        let arrow = format!("class=\"{what}\" data-step=\"{}\"", number.unwrap());
        assert_eq!(page.matches(&arrow).count(), 2, "{arrow}");
    }
}

/// Of many rows some are left out, and the arrows to them.
#[test]
fn arrows_between_rows_that_are_shown_are_drawn() {
    let recording = reported(|start| {
        for task in 0..100 {
            trace::spawned(task, "");
        }
        let message = |from, to| Message {
            from: Some(from),
            to: Some(to),
            sent: start,
            fate: Fate::Delivered,
        };
        trace::waited(start + SECOND);
        trace::message(message(0, 50));
        trace::message(message(99, 0));
    });
    let page = Picture::from(recording).to_html();
    assert_eq!(page.matches("data-step=").count(), 2);
    // Steps are counted from zero; 40 rows are shown, one of which says what is left out.
    let arrow = r#"data-step="102" d="M0.00125 39.5L0.99875 0.80""#;
    assert!(page.contains(arrow), "{page}");
}

#[test]
fn without_messages_nothing_is_said_of_them() {
    let picture = Picture::from(reported(|_| {
        trace::resumed(0);
        trace::finished(0);
    }));
    assert!(!picture.to_text(80).contains("message"));
    assert!(!picture.to_svg().contains("message"));
    assert!(!picture.to_html().contains("data-step="));
}

#[test]
fn a_message_of_unknown_ends_is_counted_at_least() {
    let recording = reported(|start| {
        trace::resumed(0);
        let message = |from, to| Message {
            from,
            to,
            sent: start,
            fate: Fate::Lost,
        };
        trace::message(message(Some(0), None));
        trace::message(message(None, Some(0)));
        trace::message(message(None, None));
        trace::finished(0);
    });
    assert_eq!(recording.messages().count(), 2);
    let picture = Picture::from(recording);
    assert!(picture.to_text(80).contains("2 messages: 2 lost"));
    picture.to_svg();
    picture.to_html();
}
