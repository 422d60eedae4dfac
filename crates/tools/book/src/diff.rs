//! How one piece of code became another.

/// How many equal lines are shown around each change.
const CONTEXT: usize = 1;

/// Returns the lines of a unified diff; none if there is no change.
///
/// Hunks have no line numbers: those would change with each edit above them, and say nothing in a
/// page.
pub(crate) fn diff(old: &[String], new: &[String]) -> Vec<String> {
    let changes = changes(old, new);
    let is_near = |i: usize| {
        let near = i.saturating_sub(CONTEXT)..(i + CONTEXT + 1).min(changes.len());
        changes[near].iter().any(|(sign, _)| *sign != ' ')
    };
    let mut lines = Vec::new();
    let mut last = None;
    for (i, (sign, line)) in changes.iter().enumerate().filter(|(i, _)| is_near(*i)) {
        if last.is_none_or(|last: usize| last + 1 < i) {
            lines.push("@@ @@".to_owned());
        }
        last = Some(i);
        // No space at the end of an empty line.
        lines.push(format!("{sign}{line}").trim_end().to_owned());
    }
    if lines.iter().filter(|line| *line == "@@ @@").count() == 1 {
        lines.remove(0);
    }
    lines
}

/// Returns all lines of both, each with its sign. What stays is a longest common subsequence.
fn changes<'a>(old: &'a [String], new: &'a [String]) -> Vec<(char, &'a str)> {
    // common[i][j] is the length of the longest one of old[i..] and new[j..].
    let mut common = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = if old[i] == new[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut changes = Vec::new();
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            changes.push((' ', old[i].as_str()));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || i < old.len() && common[i + 1][j] >= common[i][j + 1] {
            changes.push(('-', old[i].as_str()));
            i += 1;
        } else {
            changes.push(('+', new[j].as_str()));
            j += 1;
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(old: &str, new: &str) -> String {
        let lines =
            |text: &str| -> Vec<String> { text.split_terminator(' ').map(str::to_owned).collect() };
        let diff = diff(&lines(old), &lines(new)).join(" ");
        diff.replace("@@ @@", "@@")
    }

    #[test]
    fn equal_texts_have_no_difference() {
        assert_eq!(of("a b c", "a b c"), "");
    }

    #[test]
    fn what_goes_stands_before_what_comes() {
        assert_eq!(of("a b c", "a x y c").replace(' ', "|"), "|a|-b|+x|+y||c");
        assert_eq!(of("", "a"), "+a");
        assert_eq!(of("a", ""), "-a");
    }

    #[test]
    fn far_changes_are_hunks_and_near_ones_are_one() {
        let far = of("1 2 3 4 5", "x 2 3 4 y");
        assert_eq!(far, "@@ -1 +x  2 @@  4 -5 +y");
        let near = of("1 2 3 4", "x 2 3 y");
        assert_eq!(near, "-1 +x  2  3 -4 +y");
    }
}
