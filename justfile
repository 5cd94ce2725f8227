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

# Try the property tests with many new inputs
explore CASES="20000":
    PROPTEST_CASES={{CASES}} cargo test --lib --locked

# Run the main job against the stand-in server
demo:
    cargo run --locked --example demo

# Review changed snapshots
review:
    cargo insta review

# Run everything that CI runs
ci:
    bash .ci/run
