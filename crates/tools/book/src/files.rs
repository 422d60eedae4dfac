//! Which files there are.

use std::path::Path;
use std::{fs, io};

/// Finds the files below a folder whose path has an ending, in order.
pub(crate) fn files(
    root: &Path,
    folder: &str,
    ending: &str,
    paths: &mut Vec<String>,
) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(root.join(folder)) else {
        return Ok(());
    };
    let mut names = vec![];
    for entry in entries {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    for name in names {
        let path = format!("{folder}/{name}");
        if root.join(&path).is_dir() {
            files(root, &path, ending, paths)?;
        } else if path.ends_with(ending) {
            paths.push(path);
        }
    }
    Ok(())
}
