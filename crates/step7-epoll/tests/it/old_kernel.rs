//! What if the kernel is older than `epoll_pwait2`, or a container forbids it?

mod without_the_call {
    use step4_select::Selector;
    use step7_epoll::Epoll;
    use testing::old_kernel::{ENOSYS, refuse_epoll_pwait2};

    /// Makes a selector on an old kernel. Each test calls this on a thread of its own.
    fn make() -> Box<dyn Selector> {
        if !refuse_epoll_pwait2(ENOSYS) {
            eprintln!("the system allows no filter, so this runs on the kernel as it is");
        }
        Box::new(Epoll::new().unwrap())
    }

    testing::conformance_tests!(make);
}

mod where_the_call_is_forbidden {
    use step4_select::Selector;
    use step7_epoll::Epoll;
    use testing::old_kernel::{EPERM, refuse_epoll_pwait2};

    fn make() -> Box<dyn Selector> {
        if !refuse_epoll_pwait2(EPERM) {
            eprintln!("the system allows no filter, so this runs on the kernel as it is");
        }
        Box::new(Epoll::new().unwrap())
    }

    testing::conformance_tests!(make; hears_a_datagram a_wait_is_never_early);
}
