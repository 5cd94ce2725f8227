//! The parts of all benches: programs that are measured, and figures with their limits. A bench uses some of them.
#![allow(
    dead_code,
    unused_macros,
    missing_docs,
    unreachable_pub,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench is read by people, and measures something of its own"
)]

pub mod process;
pub mod table;

/// The `main` of a bench that needs Linux, whose figures are those of `$figures`.
macro_rules! bench_on_linux {
    ($figures:path) => {
        #[cfg(target_os = "linux")]
        fn main() -> std::process::ExitCode {
            $crate::figures::table::show($figures)
        }

        #[cfg(not(target_os = "linux"))]
        fn main() {
            $crate::figures::table::remark("this bench needs Linux");
        }
    };
}
