//! The files that pictures go to.

use std::fs::{self, OpenOptions};
use std::path::Path;

use cli::Error;

/// A file that can be written to.
pub(crate) struct File<'a>(&'a Path);

/// Makes sure that a file can be written to, and leaves alone what is in it: nothing is lost if the
/// demo fails.
pub(crate) fn open(path: &Path) -> Result<File<'_>, Error> {
    // A pipe is for one writer: to look at it would end its reader.
    if path
        .metadata()
        .is_ok_and(|file| !file.is_file() && !file.is_dir())
    {
        return Ok(File(path));
    }
    // Of a link that leads nowhere yet, `exists` says no; to remove it would lose the link.
    let is_new = path.symlink_metadata().is_err();
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(|error| cannot(path, &error))?;
    if is_new {
        fs::remove_file(path).map_err(|error| cannot(path, &error))?;
    }
    Ok(File(path))
}

impl File<'_> {
    pub(crate) fn write(&self, text: &str) -> Result<(), Error> {
        fs::write(self.0, text).map_err(|error| cannot(self.0, &error))
    }
}

fn cannot(path: &Path, error: &std::io::Error) -> Error {
    Error::Failure(format!("cannot write to {path:?}: {error}"))
}
