//! Which tasks are done, and which are not yet?
