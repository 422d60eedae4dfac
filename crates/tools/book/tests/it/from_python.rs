//! Do the counterparts that `docs/from-python.md` names exist?

use std::fs;
use std::path::{Path, PathBuf};

/// What Rust itself has for a name of Python.
const LANGUAGE: [&str; 2] = ["async fn", ".await"];

/// The names in the module `asyncio` of Python 3.13, and the methods of its classes. The kinds of
/// child watchers are left out: one row has them all.
const ASYNCIO: &str = "
    ALL_COMPLETED AbstractChildWatcher AbstractEventLoop AbstractEventLoopPolicy AbstractServer
    Barrier BaseEventLoop BaseProtocol BaseTransport BoundedSemaphore BrokenBarrierError
    BufferedProtocol CancelledError Condition DatagramProtocol DatagramTransport
    DefaultEventLoopPolicy Event EventLoop FIRST_COMPLETED FIRST_EXCEPTION Future Handle
    IncompleteReadError InvalidStateError LifoQueue LimitOverrunError Lock PriorityQueue Protocol
    Queue QueueEmpty QueueFull QueueShutDown ReadTransport Runner SelectorEventLoop Semaphore
    SendfileNotAvailableError Server StreamReader StreamReaderProtocol StreamWriter
    SubprocessProtocol SubprocessTransport Task TaskGroup Timeout TimeoutError TimerHandle
    Transport WriteTransport all_tasks as_completed create_eager_task_factory
    create_subprocess_exec create_subprocess_shell create_task current_task eager_task_factory
    ensure_future gather get_child_watcher get_event_loop get_event_loop_policy get_running_loop
    iscoroutine iscoroutinefunction isfuture new_event_loop open_connection open_unix_connection
    run run_coroutine_threadsafe set_child_watcher set_event_loop set_event_loop_policy shield
    sleep start_server start_unix_server timeout timeout_at to_thread wait wait_for wrap_future
    Barrier.abort Barrier.broken Barrier.n_waiting Barrier.parties Barrier.reset Barrier.wait
    Condition.notify Condition.notify_all Condition.wait Condition.wait_for Event.clear
    Event.is_set Event.set Event.wait Future.add_done_callback Future.cancel Future.cancelled
    Future.done Future.exception Future.get_loop Future.remove_done_callback Future.result
    Future.set_exception Future.set_result Lock.acquire Lock.locked Lock.release Queue.empty
    Queue.full Queue.get Queue.get_nowait Queue.join Queue.maxsize Queue.put Queue.put_nowait
    Queue.qsize Queue.shutdown Queue.task_done Runner.close Runner.get_loop Runner.run
    Semaphore.acquire Semaphore.locked Semaphore.release Server.abort_clients Server.close
    Server.close_clients Server.get_loop Server.is_serving Server.serve_forever Server.sockets
    Server.start_serving Server.wait_closed StreamReader.at_eof StreamReader.feed_eof
    StreamReader.read StreamReader.readexactly StreamReader.readline StreamReader.readuntil
    StreamWriter.can_write_eof StreamWriter.close StreamWriter.drain StreamWriter.get_extra_info
    StreamWriter.is_closing StreamWriter.start_tls StreamWriter.transport StreamWriter.wait_closed
    StreamWriter.write StreamWriter.write_eof StreamWriter.writelines Task.add_done_callback
    Task.cancel Task.cancelled Task.cancelling Task.done Task.exception Task.get_context
    Task.get_coro Task.get_loop Task.get_name Task.get_stack Task.print_stack
    Task.remove_done_callback Task.result Task.set_name Task.uncancel TaskGroup.create_task
    Timeout.expired Timeout.reschedule Timeout.when Process.communicate Process.kill
    Process.returncode Process.send_signal Process.terminate Process.wait loop.add_reader
    loop.add_signal_handler loop.add_writer loop.call_at loop.call_exception_handler
    loop.call_later loop.call_soon loop.call_soon_threadsafe loop.close
    loop.connect_accepted_socket loop.connect_read_pipe loop.connect_write_pipe
    loop.create_connection loop.create_datagram_endpoint loop.create_future loop.create_server
    loop.create_task loop.create_unix_connection loop.create_unix_server
    loop.default_exception_handler loop.get_debug loop.get_exception_handler loop.get_task_factory
    loop.getaddrinfo loop.getnameinfo loop.is_closed loop.is_running loop.remove_reader
    loop.remove_signal_handler loop.remove_writer loop.run_forever loop.run_in_executor
    loop.run_until_complete loop.sendfile loop.set_debug loop.set_default_executor
    loop.set_exception_handler loop.set_task_factory loop.shutdown_asyncgens
    loop.shutdown_default_executor loop.sock_accept loop.sock_connect loop.sock_recv
    loop.sock_recv_into loop.sock_recvfrom loop.sock_recvfrom_into loop.sock_sendall
    loop.sock_sendfile loop.sock_sendto loop.start_tls loop.stop loop.subprocess_exec
    loop.subprocess_shell loop.time
";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// The public names of one file, and its own.
struct Names(Vec<String>);

impl Names {
    fn of(path: &Path) -> Names {
        let source = fs::read_to_string(path).unwrap();
        let has_trait = source.contains("pub trait");
        let mut names = vec![path.file_stem().unwrap().to_str().unwrap().to_owned()];
        for line in source.lines() {
            let words: Vec<&str> = line
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .filter(|word| !word.is_empty() && !["async", "const"].contains(word))
                .collect();
            let is_variant = line.starts_with("    ") && line.trim_start().starts_with(is_capital);
            match words[..] {
                ["pub", _, name, ..] => names.push(name.to_owned()),
                ["impl", ..] => names.extend(words.iter().map(|word| (*word).to_owned())),
                ["fn", name, ..] if has_trait => names.push(name.to_owned()),
                [name, ..] if is_variant => names.push(name.to_owned()),
                _ => {}
            }
        }
        Names(names)
    }

    /// Whether all parts of `oneshot::Sender::send` are here.
    fn have(&self, path: &str) -> bool {
        path.split("::")
            .all(|part| self.0.iter().any(|name| name == part))
    }
}

fn is_capital(c: char) -> bool {
    c.is_ascii_uppercase()
}

fn names() -> Vec<Names> {
    let mut names = Vec::new();
    let mut folders: Vec<PathBuf> = ["step5-executor", "step6-toolbox"]
        .map(|step| root().join("crates").join(step).join("src"))
        .into();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => names.push(Names::of(&path)),
            }
        }
    }
    names
}

/// Returns the three cells of each row of the table.
fn rows() -> Vec<[String; 3]> {
    let page = fs::read_to_string(root().join("docs/from-python.md")).unwrap();
    let table = page
        .lines()
        .skip_while(|line| !line.starts_with("| Python | here | how"));
    let rows = table.skip(2).take_while(|line| line.starts_with('|'));
    let cells = |line: &str| {
        let cells: Vec<String> = line.split('|').map(|cell| cell.trim().to_owned()).collect();
        let [_, python, here, differs, _] = cells.try_into().unwrap_or_else(|cells| {
            panic!("a row has three cells: {cells:?}");
        });
        [python, here, differs]
    };
    rows.map(cells).collect()
}

/// Returns what is between backquotes.
fn code(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

#[test]
fn each_counterpart_is_there() {
    let names = names();
    let is_known =
        |name: &str| LANGUAGE.contains(&name) || names.iter().any(|names| names.have(name));
    let mut missing = Vec::new();
    for [python, here, differs] in rows() {
        missing.extend(
            code(&here)
                .filter(|name| !is_known(name))
                .map(|name| format!("{python}: there is no `{name}`")),
        );
        let is_heading = python.starts_with("**");
        if !is_heading && code(&here).next().is_none() && (here != "none" || differs.is_empty()) {
            missing.push(format!(
                "{python}: neither a name nor \"none\" and a reason"
            ));
        }
    }
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

#[test]
fn a_counterpart_that_is_not_there_is_found() {
    let names = names();
    let is_known = |path: &str| names.iter().any(|names| names.have(path));
    assert!(is_known("JoinHandle::abort") && is_known("Until::AllCompleted"));
    for path in ["JoinHandle::explode", "JoinHandle::accept", "Unknown"] {
        assert!(!is_known(path), "{path}");
    }
}

#[test]
fn no_name_of_asyncio_is_left_out() {
    let rows = rows();
    let names: Vec<&str> = rows.iter().flat_map(|[python, ..]| code(python)).collect();
    let missing: Vec<_> = ASYNCIO
        .split_whitespace()
        .filter(|name| !names.contains(name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
