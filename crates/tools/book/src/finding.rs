//! What is wrong, and where.

use std::fmt;

/// Something that is stale or broken in a page. It prints as `docs/x.md:12: problem`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The page, from the repository's root.
    pub file: String,
    /// The line in it, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
}

impl Finding {
    /// Makes a finding. The line counts from 0.
    pub(crate) fn new(file: &str, line: usize, problem: impl Into<String>) -> Finding {
        Finding {
            file: file.to_owned(),
            line: line + 1,
            problem: problem.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.problem)
    }
}
