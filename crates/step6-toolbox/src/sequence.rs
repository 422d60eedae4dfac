//! What is an iterator whose next item takes time?
