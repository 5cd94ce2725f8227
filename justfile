# Commands that people use. https://just.systems

# List the commands
default:
    @just --list

# Run the fast checks: formatting and clippy
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked -- -D warnings

# Run the tests whose path contains FILTER
test FILTER="":
    cargo test --workspace --locked {{FILTER}}

# Run the main job against the stand-in server
demo:
    cargo run --release --locked --example demo

# Review changed snapshots
review:
    cargo insta review

# Run everything that CI runs
ci:
    bash .ci/run
