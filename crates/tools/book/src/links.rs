//! Whether each link leads somewhere.

use std::fs;
use std::path::{Component, Path};

use crate::finding::Finding;
use crate::markdown::{anchors, links};
use crate::page::Page;

/// Finds the links of a page that lead nowhere. The web is not asked.
pub(crate) fn check(root: &Path, page: &Page) -> Vec<Finding> {
    let problem = |(line, target): (usize, String)| {
        let problem = follow(root, page, &target).err()?;
        let problem = format!("broken link `{target}`: {problem}");
        Some(Finding::broken(&page.path, line, problem))
    };
    links(&page.text).into_iter().filter_map(problem).collect()
}

fn follow(root: &Path, page: &Page, target: &str) -> Result<(), String> {
    let schemes = ["https://", "http://", "mailto:"];
    if schemes.iter().any(|scheme| target.starts_with(scheme)) {
        return Ok(());
    }
    let (file, anchor) = match target.split_once('#') {
        Some((file, anchor)) => (file, Some(anchor)),
        None => (target, None),
    };
    if file.is_empty() {
        return match anchor {
            Some(anchor) => has_anchor(&page.text, anchor),
            None => Err("it is empty".to_owned()),
        };
    }
    let path = resolve(&page.path, file)?;
    if !root.join(&path).exists() {
        return Err(format!("there is no {path}"));
    }
    let is_page = path.ends_with(".md");
    if is_page && page.path.starts_with("docs/") && !path.starts_with("docs/") {
        let problem = "mdBook breaks a link to Markdown outside of docs/: name the file in words";
        return Err(problem.to_owned());
    }
    match anchor {
        None => Ok(()),
        Some(anchor) if is_page => {
            let text = fs::read_to_string(root.join(&path));
            let text = text.map_err(|error| format!("{path}: {error}"))?;
            has_anchor(&text, anchor)
        }
        Some(_) => Err("lines of code move: link to the file, without `#`".to_owned()),
    }
}

fn has_anchor(text: &str, anchor: &str) -> Result<(), String> {
    let anchors = anchors(text);
    if anchors.contains(anchor) {
        return Ok(());
    }
    let mut anchors: Vec<String> = anchors.into_iter().collect();
    anchors.sort();
    Err(format!(
        "there is no heading `#{anchor}`, but {}",
        anchors.join(", ")
    ))
}

/// Returns the path of a link's target, from the repository's root.
pub(crate) fn resolve(page: &str, target: &str) -> Result<String, String> {
    let target = target.replace("%20", " ");
    let folder = Path::new(page).parent().unwrap_or(Path::new(""));
    let mut parts: Vec<String> = Vec::new();
    for part in folder.join(&target).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::ParentDir => drop(parts.pop().ok_or("it leaves the repository")?),
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => {
                return Err("it must be relative to the page".to_owned());
            }
        }
    }
    Ok(parts.join("/"))
}
