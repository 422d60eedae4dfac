//! The files that pictures go to.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use cli::Error;

/// Makes sure that the files can be written to, and are different files. Makes their folders, but
/// leaves their contents alone: nothing is lost if the demo fails.
pub(crate) fn check(paths: &[&Path]) -> Result<(), Error> {
    // Not `exists`, which says no of a link that leads nowhere yet: removing that loses the link.
    let is_new = |path: &&&Path| path.symlink_metadata().is_err();
    let new: Vec<_> = paths.iter().filter(is_new).collect();
    let identify = |path: &&Path| identify(path).map_err(|error| write_error(path, &error));
    let ids: Result<Vec<_>, _> = paths.iter().map(identify).collect();
    for path in new {
        // This fails if it could not be made.
        _ = fs::remove_file(path);
    }
    let mut ids = ids?;
    ids.sort();
    match ids.windows(2).any(|two| two[0] == two[1]) {
        true => Err(Error::Usage(
            "--svg and --html name the same file: give them one each".to_owned(),
        )),
        false => Ok(()),
    }
}

/// Opens a file for writing. Returns its device and its number, which are the same under any name.
fn identify(path: &Path) -> io::Result<(u64, u64)> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // A pipe is left closed: opening and closing it would end its reader.
    let is_plain = |file: fs::Metadata| file.is_file() || file.is_dir();
    if path.metadata().map_or(true, is_plain) {
        let mut options = OpenOptions::new();
        options
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
    }
    let file = path.metadata()?;
    Ok((file.dev(), file.ino()))
}

pub(crate) fn write(path: &Path, text: &str) -> Result<(), Error> {
    fs::write(path, text).map_err(|error| write_error(path, &error))
}

fn write_error(path: &Path, error: &io::Error) -> Error {
    Error::Failure(format!("cannot write to {path:?}: {error}"))
}
