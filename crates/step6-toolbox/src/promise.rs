//! How is a result handed over by hand?
