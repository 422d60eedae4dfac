//! The packages of the workspace.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

/// Returns the folder of each package, from the root, by the package's name.
///
/// # Errors
///
/// Returns an error if a folder cannot be read.
pub(crate) fn packages(root: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut packages = BTreeMap::new();
    let mut folders = vec!["benches".to_owned(), "crates".to_owned()];
    while let Some(folder) = folders.pop() {
        let manifest = fs::read_to_string(root.join(&folder).join("Cargo.toml"));
        if let Ok(manifest) = manifest {
            let name = |line: &str| {
                Some(
                    line.strip_prefix("name = \"")?
                        .trim_end_matches('"')
                        .to_owned(),
                )
            };
            let name = manifest.lines().find_map(name);
            packages.extend(name.map(|name| (name, folder)));
        } else if root.join(&folder).is_dir() {
            let within = names_in(root, &folder)?;
            folders.extend(within.iter().map(|name| format!("{folder}/{name}")));
        }
    }
    Ok(packages)
}

/// Returns the names of what is in a folder, in order.
///
/// # Errors
///
/// Returns an error if it cannot be read: the message names it.
pub(crate) fn names_in(root: &Path, folder: &str) -> io::Result<Vec<String>> {
    let named = |error: io::Error| io::Error::new(error.kind(), format!("{folder}: {error}"));
    let mut names = Vec::new();
    for entry in fs::read_dir(root.join(folder)).map_err(named)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
