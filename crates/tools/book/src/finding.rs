//! What is wrong, and where.

use std::fmt;

/// Something that is stale or broken in a page. It prints as `file:line: problem`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The page, from the repository's root.
    pub file: String,
    /// The line in it, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: String,
    /// Whether `renew` mends it.
    pub is_stale: bool,
}

impl Finding {
    /// Makes a finding that only a person can mend. The line counts from 0.
    pub(crate) fn broken(file: &str, line: usize, problem: impl Into<String>) -> Finding {
        Finding {
            file: file.to_owned(),
            line: line + 1,
            problem: problem.into(),
            is_stale: false,
        }
    }

    /// Makes a finding that `renew` mends. The line counts from 0.
    pub(crate) fn stale(file: &str, line: usize, problem: impl Into<String>) -> Finding {
        let is_stale = true;
        Finding {
            is_stale,
            ..Finding::broken(file, line, problem)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.problem)
    }
}
