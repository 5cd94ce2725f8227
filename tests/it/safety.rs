//! Limits and promises that hold for every command: kills, memory, clocks.

mod clock;
mod kills;
mod memory;
