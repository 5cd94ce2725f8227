//! What is published and what it works with: values that `manifests/` tells, and look-ups in them. No effects.

pub mod connectors;
