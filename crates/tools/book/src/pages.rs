//! The pages whose examples of Rust are complete, and so are tests: `cargo test -p book --doc` runs
//! them.

macro_rules! pages {
    ($($name:ident: $path:literal,)*) => {
        $(#[doc = include_str!($path)] struct $name;)*
    };
}

pages! {
    Cancellation: "../../../../docs/cancellation.md",
    FromPython: "../../../../docs/from-python.md",
    Generators: "../../../../docs/generators.md",
    Step1: "../../../../docs/step1-interleaver.md",
    Step2: "../../../../docs/step2-round-robin.md",
    Step3: "../../../../docs/step3-sleeping-heap.md",
    Step4: "../../../../docs/step4-select.md",
    Step6Queues: "../../../../docs/step6-queues.md",
    WakerContract: "../../../../docs/waker-contract.md",
}
