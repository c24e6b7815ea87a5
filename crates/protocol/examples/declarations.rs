//! Prints `web/src/protocol.ts`.

fn main() {
    print!("{}", protocol::typescript::declarations());
}
