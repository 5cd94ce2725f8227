//! The driver and its calls.
