//! A stand-in driver.
