//! Are pictures written whole, and is nothing lost that was there?

use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};

use crate::support::{Folder, printed, tour};

#[test]
fn svg_and_page_of_a_step_beside_what_is_printed() {
    let folder = Folder::new("both");
    let (svg, html) = (folder.file("a picture.svg"), folder.file("page.html"));
    let output = printed(tour(&["2", "--svg", &svg, &format!("--html={html}")]));
    assert!(output.contains("the children returned 6 and 10\n") && output.contains("█ running"));
    let (svg, html) = (
        fs::read_to_string(svg).unwrap(),
        fs::read_to_string(html).unwrap(),
    );
    let title = "<title>Step 2: generators with a return value; spawn, join, cancel</title>";
    assert!(svg.starts_with("<svg ") && svg.contains(title) && svg.ends_with("</svg>\n"));
    assert!(
        html.starts_with("<!doctype html>") && html.contains("a parent and two children: 12 turns")
    );
}

#[test]
fn a_longer_file_from_before_is_replaced_whole() {
    let folder = Folder::new("before");
    let (fresh, old) = (folder.file("fresh.svg"), folder.file("old.svg"));
    fs::write(&old, "x".repeat(1_000_000)).unwrap();
    for file in [&fresh, &old] {
        printed(tour(&["3", "--virtual", "--svg", file]));
    }
    assert_eq!(
        fs::read(fresh).unwrap(),
        fs::read(old).unwrap(),
        "and the same to the byte"
    );
}

/// In step 6 threads do something while the clock is held.
#[test]
fn a_picture_with_threads_is_the_same_each_time() {
    let folder = Folder::new("threads");
    let draw = |name: &str| {
        let file = folder.file(name);
        printed(tour(&["6", "--virtual", "--svg", &file]));
        fs::read_to_string(file).unwrap()
    };
    let first = draw("first.svg");
    assert!((0..6).all(|_| draw("again.svg") == first));
}

#[test]
fn a_dangling_link_leads_to_the_picture() {
    let folder = Folder::new("link");
    let (real, link) = (folder.file("real.svg"), folder.file("link.svg"));
    std::os::unix::fs::symlink(&real, &link).unwrap();
    printed(tour(&["1", "--svg", &link]));
    assert!(fs::read_to_string(&real).unwrap().ends_with("</svg>\n"));
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
}

#[test]
fn a_pipe_is_written_to_once() {
    let folder = Folder::new("pipe");
    let pipe = folder.file("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let mut reader = Command::new("cat")
        .arg(&pipe)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    printed(tour(&["1", "--svg", &pipe]));
    let mut picture = String::new();
    reader
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut picture)
        .unwrap();
    reader.wait().unwrap();
    assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"));
}

#[test]
fn what_cannot_be_done_touches_no_file() {
    let folder = Folder::new("untouched");
    let (old, new) = (folder.file("old.svg"), folder.file("new.svg"));
    fs::write(&old, "old").unwrap();
    assert_eq!(tour(&["1", "2", "--svg", &old]).status.code(), Some(2));
    let below_a_file = folder.file("old.svg/page.html");
    for svg in [&old, &new] {
        let output = tour(&["1", "--svg", svg, "--html", &below_a_file]);
        assert_eq!(output.status.code(), Some(1));
    }
    assert_eq!(fs::read(old).unwrap(), b"old");
    assert!(!fs::exists(new).unwrap());
}

#[test]
fn the_folders_of_files_are_made() {
    let folder = Folder::new("made");
    let (svg, html) = (folder.file("a/b/c.svg"), folder.file("d/e.html"));
    let output = printed(tour(&["1", "--svg", &svg, "--html", &html]));
    assert!(fs::exists(svg).unwrap() && fs::exists(&html).unwrap());
    assert!(output.contains(&format!("\nOpen {html} in a browser.\n")));
}

#[test]
fn two_names_of_one_file_are_refused() {
    let folder = Folder::new("names");
    let (real, link, hard) = (
        folder.file("real"),
        folder.file("link"),
        folder.file("hard"),
    );
    std::os::unix::fs::symlink(&real, &link).unwrap();
    let refuse = |svg: &str, html: &str| {
        let output = tour(&["1", "--svg", svg, "--html", html]);
        assert_eq!(output.status.code(), Some(2), "{svg} {html}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(
            error.contains("--svg and --html name the same file"),
            "{error}"
        );
    };
    // At first the link leads nowhere, later to a file.
    refuse(&real, &link);
    refuse(&link, &real);
    fs::write(&real, "old").unwrap();
    refuse(&real, &link);
    fs::hard_link(&real, &hard).unwrap();
    refuse(&real, &hard);
    assert_eq!(fs::read(&real).unwrap(), b"old");
}
