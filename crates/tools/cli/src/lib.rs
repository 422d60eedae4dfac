//! Options, usage, exit codes and broken pipes, once for all programs.
