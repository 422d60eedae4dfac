//! What is wrong, and where?

use std::fmt;

/// Something that is stale or broken in a page.
///
/// It prints as `file:line: problem`, and how to renew what can be renewed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The page, from the repository's root.
    pub file: String,
    /// The line in it, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
    /// Whether `renew` mends it.
    pub renewable: bool,
}

impl Finding {
    /// Something that somebody must mend by hand.
    pub(crate) fn broken(file: &str, line: usize, problem: impl Into<String>) -> Finding {
        Finding {
            file: file.to_owned(),
            line,
            problem: problem.into(),
            renewable: false,
        }
    }

    /// Something that `renew` mends.
    pub(crate) fn stale(file: &str, line: usize, problem: impl Into<String>) -> Finding {
        Finding {
            file: file.to_owned(),
            line,
            problem: problem.into(),
            renewable: true,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.problem)?;
        if self.renewable {
            write!(
                f,
                "\n    renew it: cargo run -p book -- renew {}",
                self.file
            )?;
        }
        Ok(())
    }
}
