//! How does the smallest item come out first?
