//! How do tasks exclude one another?
