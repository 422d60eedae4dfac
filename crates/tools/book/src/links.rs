//! Does each link lead somewhere?

use std::fs;
use std::path::{Component, Path};

use crate::finding::Finding;
use crate::markdown::{anchors, links};
use crate::page::Page;

/// Finds the links of a page that lead nowhere. The web is not asked.
pub(crate) fn check(root: &Path, page: &Page) -> Vec<Finding> {
    let problem = |(line, target): (usize, String)| {
        let problem = follow(root, page, &target).err()?;
        Some(Finding::broken(
            &page.path,
            line + 1,
            format!("the link `{target}` leads nowhere: {problem}"),
        ))
    };
    links(&page.text).into_iter().filter_map(problem).collect()
}

fn follow(root: &Path, page: &Page, target: &str) -> Result<(), String> {
    if ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| target.starts_with(scheme))
    {
        return Ok(());
    }
    let (file, anchor) = target
        .split_once('#')
        .map_or((target, None), |(file, anchor)| (file, Some(anchor)));
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
        return Err("mdBook makes a broken link of one to Markdown outside of docs/: name the file in words".to_owned());
    }
    match anchor {
        None => Ok(()),
        Some(anchor) if is_page => {
            let text =
                fs::read_to_string(root.join(&path)).map_err(|error| format!("{path}: {error}"))?;
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

/// The path of a link's target, from the repository's root.
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
                return Err("it has to be relative to the page".to_owned());
            }
        }
    }
    Ok(parts.join("/"))
}
