//! A kernel without `epoll_pwait2`: a filter in front of the real one refuses that call.

#![allow(unsafe_code, reason = "std does not know filters of system calls")]

use std::ffi::{c_int, c_ulong};

/// The kernel has no such call.
pub const ENOSYS: u32 = 38;
/// The call is forbidden.
pub const EPERM: u32 = 1;

/// C's `struct sock_filter`: an instruction of the filter.
#[repr(C)]
struct Instruction {
    code: u16,
    jump_if_true: u8,
    jump_if_false: u8,
    operand: u32,
}

/// C's `struct sock_fprog`.
#[repr(C)]
struct Program {
    length: u16,
    instructions: *const Instruction,
}

unsafe extern "C" {
    fn prctl(option: c_int, ...) -> c_int;
}

/// Makes `epoll_pwait2` fail with this error, for this thread and those that it starts from now on.
///
/// Returns whether the system allows it.
pub fn refuse_epoll_pwait2(error: u32) -> bool {
    const PR_SET_NO_NEW_PRIVS: c_int = 38;
    const PR_SET_SECCOMP: c_int = 22;
    const SECCOMP_MODE_FILTER: c_ulong = 2;
    const EPOLL_PWAIT2: u32 = 441;
    const LOAD: u16 = 0x20;
    const JUMP_IF_EQUAL: u16 = 0x15;
    const RETURN: u16 = 0x06;
    const ERROR: u32 = 0x0005_0000;
    const ALLOW: u32 = 0x7fff_0000;

    let instruction = |code, jump_if_false, operand| Instruction {
        code,
        jump_if_true: 0,
        jump_if_false,
        operand,
    };
    let instructions = [
        instruction(LOAD, 0, 0), // the number of the call
        instruction(JUMP_IF_EQUAL, 1, EPOLL_PWAIT2),
        instruction(RETURN, 0, ERROR | error),
        instruction(RETURN, 0, ALLOW),
    ];
    let program = Program {
        length: instructions.len() as u16,
        instructions: instructions.as_ptr(),
    };
    let (yes, none): (c_ulong, c_ulong) = (1, 0);
    // SAFETY: the option takes four numbers, and no memory is passed.
    let result = unsafe { prctl(PR_SET_NO_NEW_PRIVS, yes, none, none, none) };
    if result != 0 {
        return false;
    }
    // SAFETY: the option takes a mode and the program. Both structs are locals laid out as in C,
    // the call only reads them, and the program has as many instructions as it says.
    let result = unsafe { prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &raw const program) };
    result == 0
}
