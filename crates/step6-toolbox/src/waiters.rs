//! Who waits, in which order, and who has the turn when a waiter goes away?
