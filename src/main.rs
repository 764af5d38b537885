//! Flags in, reports out, exit code.

fn main() {}
