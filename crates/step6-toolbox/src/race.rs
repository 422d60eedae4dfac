//! Who is first? The loser is dropped.
