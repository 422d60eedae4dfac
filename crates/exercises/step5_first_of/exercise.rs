// Exercise: the first of two.
//
// `timeout` waits for a future or a time, whichever is first. `first_of` is for any two futures, but
// so far it only awaits `one` of them. Let both run at the same time, return the output of the one
// that is ready first, and drop the other one.
//
// `std::future::poll_fn` makes a future of a closure that polls, and `std::pin::pin!` pins a future
// where it is.

/// The output of the future that was ready first.
#[derive(Debug, PartialEq, Eq)]
enum First<A, B> {
    One(A),
    Other(B),
}

/// Waits for the first of two futures. If both are ready in the same poll, it is `one`.
async fn first_of<A: Future, B: Future>(one: A, other: B) -> First<A::Output, B::Output> {
    let output = one.await;
    drop(other);
    First::One(output)
}
