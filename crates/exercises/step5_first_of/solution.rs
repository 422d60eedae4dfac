// Hint: poll both of them in one poll, with the same waker. Then each wakes the task when it can
// continue, and the task asks both again.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

/// The output of the future that was ready first.
#[derive(Debug, PartialEq, Eq)]
enum First<A, B> {
    One(A),
    Other(B),
}

/// Waits for the first of two futures. If both are ready in the same poll, it is `one`.
async fn first_of<A: Future, B: Future>(one: A, other: B) -> First<A::Output, B::Output> {
    // Both are dropped when this function ends, or when it is dropped itself.
    let (mut one, mut other) = (pin!(one), pin!(other));
    poll_fn(|cx| {
        if let Poll::Ready(output) = one.as_mut().poll(cx) {
            return Poll::Ready(First::One(output));
        }
        other.as_mut().poll(cx).map(First::Other)
    })
    .await
}
