//! Limits and promises that hold for every command: kills, memory, clocks; and for what the program is built from.

mod clock;
mod dependencies;
mod kills;
mod memory;
mod project_journal;
