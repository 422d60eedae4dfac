//! What did the scheduler do, and when? Pictures of what an observer saw.
#![forbid(unsafe_code)]
