//! x
fn main() { print!("{}", protocol::typescript::declarations()); }
