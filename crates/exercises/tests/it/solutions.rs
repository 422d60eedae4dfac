//! Does each solution pass the tests of its exercise?

macro_rules! exercises {
    ($($(#[$cfg:meta])* $name:ident,)*) => {
        $(
            $(#[$cfg])*
            mod $name {
                include!(concat!(stringify!($name), "/solution.rs"));

                mod test {
                    include!(concat!(stringify!($name), "/test.rs"));
                }
            }
        )*
    };
}

include!("../../list.rs");
