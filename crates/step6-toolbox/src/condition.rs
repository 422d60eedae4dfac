//! How does a task wait for what another one changes under a lock?
