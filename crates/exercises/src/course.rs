//! All exercises, in the order of the path.

use std::path::{Path, PathBuf};
use std::{env, io};

use crate::Exercise;

macro_rules! exercises {
    ($($(#[$cfg:meta])* $name:ident,)*) => {
        [$($(#[$cfg])* stringify!($name),)*]
    };
}

/// The names of the exercises.
const NAMES: &[&str] = &include!("../list.rs");

/// All exercises, in the order of the path.
#[derive(Debug)]
pub struct Course {
    exercises: Vec<Exercise>,
}

impl Course {
    /// Returns the exercises of the book.
    ///
    /// # Errors
    ///
    /// Returns an error if this program does not know where it is.
    pub fn of_the_book() -> io::Result<Course> {
        // `target/debug/exercises`, or a test in `target/debug/deps`.
        let program = env::current_exe()?;
        let target = program
            .ancestors()
            .find(|folder| folder.join("CACHEDIR.TAG").exists());
        let target = target.ok_or_else(|| io::Error::other("cargo has not built this program"))?;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        Ok(Course::new(NAMES, folder, target.join("exercises")))
    }

    /// Returns the exercises of these names. Their folders are in `folder`, which is beside those
    /// of the steps; what is built goes to `workshop`.
    pub fn new(names: &[&str], folder: &Path, workshop: PathBuf) -> Course {
        let exercise = |name: &&str| Exercise::new(name, folder, &workshop);
        Course {
            exercises: names.iter().map(exercise).collect(),
        }
    }

    /// Returns the exercises.
    pub fn exercises(&self) -> &[Exercise] {
        &self.exercises
    }

    /// Finds an exercise by its name.
    ///
    /// # Errors
    ///
    /// Returns an error if none has that name. The error names the nearest one.
    pub fn find(&self, name: &str) -> Result<&Exercise, String> {
        let mut all = self.exercises.iter();
        if let Some(found) = all.find(|exercise| exercise.name() == name) {
            return Ok(found);
        }
        let names = || self.exercises.iter().map(Exercise::name);
        let nearest = cli::nearest(name, names())
            .or_else(|| names().find(|known| !name.is_empty() && known.contains(name)));
        Err(match nearest {
            Some(nearest) => format!("{name:?} is not an exercise: did you mean {nearest}?"),
            None => format!("{name:?} is not an exercise: without a name, all are listed"),
        })
    }

    /// Returns the first exercise that is not solved.
    pub fn next(&self) -> Option<&Exercise> {
        self.exercises.iter().find(|exercise| !exercise.is_solved())
    }
}
