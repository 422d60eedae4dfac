//! Whether each link leads somewhere, and the summary to each chapter.

use std::fs;
use std::path::{Component, Path};

use crate::finding::Finding;
use crate::markdown::anchors;
pub(crate) use crate::markdown::links;

/// The table of contents.
const SUMMARY: &str = "docs/SUMMARY.md";

/// Finds the links of a page that lead nowhere. Links to the web are not followed.
pub(crate) fn check(root: &Path, path: &str, text: &str) -> Vec<Finding> {
    let problem = |(line, target): (usize, String)| {
        let problem = follow(root, path, text, &target).err()?;
        let problem = format!("broken link `{target}`: {problem}");
        Some(Finding::new(path, line, problem))
    };
    links(text).into_iter().filter_map(problem).collect()
}

fn follow(root: &Path, page: &str, text: &str, target: &str) -> Result<(), String> {
    if ["https://", "http://"]
        .iter()
        .any(|scheme| target.starts_with(scheme))
    {
        return Ok(());
    }
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = match file {
        "" => page.to_owned(),
        file => resolve(page, file)?,
    };
    if !root.join(&path).exists() {
        return Err(format!("there is no {path}"));
    }
    let is_page = path.ends_with(".md");
    if is_page && page.starts_with("docs/") && !path.starts_with("docs/") {
        let problem = "mdBook breaks a link to Markdown outside of docs/: name the file in words";
        return Err(problem.to_owned());
    }
    if !anchor.is_empty() {
        if !is_page {
            return Err("lines of code move: link to the file, without `#`".to_owned());
        }
        let text = match file {
            "" => text.to_owned(),
            _ => fs::read_to_string(root.join(&path)).map_err(|error| error.to_string())?,
        };
        let anchors = anchors(&text);
        if !anchors.iter().any(|known| known == anchor) {
            let anchors = anchors.join(", ");
            return Err(format!("there is no heading `#{anchor}`, but {anchors}"));
        }
    }
    Ok(())
}

/// Returns the path of a link's target, from the repository's root.
pub(crate) fn resolve(page: &str, target: &str) -> Result<String, String> {
    let folder = Path::new(page).parent().unwrap_or(Path::new(""));
    let mut parts: Vec<String> = vec![];
    for part in folder.join(target).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::ParentDir => drop(parts.pop().ok_or("it leaves the repository")?),
            Component::CurDir => {}
            _ => return Err("it must be relative to the page".to_owned()),
        }
    }
    Ok(parts.join("/"))
}

/// Finds chapters that the summary does not list once.
pub(crate) fn check_summary(root: &Path, pages: &[&str]) -> Vec<Finding> {
    let summary = fs::read_to_string(root.join(SUMMARY)).unwrap_or_default();
    let listed = links(&summary).into_iter();
    let listed: Vec<_> = listed
        .filter_map(|(_, target)| resolve(SUMMARY, &target).ok())
        .collect();
    let is_chapter = |page: &&&str| page.starts_with("docs/") && **page != SUMMARY;
    let count = |page: &str| listed.iter().filter(|listed| *listed == page).count();
    let wrong = pages
        .iter()
        .filter(is_chapter)
        .filter(|page| count(page) != 1);
    wrong
        .map(|page| {
            Finding::new(
                SUMMARY,
                0,
                format!("{page} is listed {} times", count(page)),
            )
        })
        .collect()
}
