"""The workloads on CPython's asyncio, from its standard library alone.

    python3 asyncio_peer.py WORKLOAD OPERATIONS IDLE_SOCKETS

prints how many operations have come to their right end, and how many nanoseconds that took. What is measured is the
same as in src/workloads, where the comments are.
"""

import asyncio
import selectors
import socket
import sys
import time


def shares(operations, tasks):
    return [operations // tasks + (task < operations % tasks) for task in range(tasks)]


async def gather(tasks):
    start = time.perf_counter_ns()
    done = sum([await task for task in tasks])
    return done, time.perf_counter_ns() - start


async def switch(turns, _):
    async def take(share):
        taken = 0
        while taken < share:
            await asyncio.sleep(0)
            taken += 1
        return taken

    return await gather([asyncio.create_task(take(share)) for share in shares(turns, 1_000)])


async def spawn_join(tasks, _):
    async def give(number):
        return number

    start = time.perf_counter_ns()
    done = 0
    for number in range(tasks):
        done += await asyncio.create_task(give(number)) == number
    return done, time.perf_counter_ns() - start


async def sleepers(sleeps, _):
    async def nap(share, duration):
        slept = 0
        while slept < share:
            await asyncio.sleep(duration)
            slept += 1
        return slept

    naps = enumerate(shares(sleeps, 10_000))
    return await gather([asyncio.create_task(nap(share, (task % 100 + 1) / 1_000)) for task, share in naps])


async def round_trips(operations, idle_sockets):
    loop = asyncio.get_running_loop()

    async def echo(server):
        while True:
            await loop.sock_sendall(server, await loop.sock_recv(server, 8))

    client, server, *idle = [udp_socket() for _ in range(2 + idle_sockets)]
    client.connect(server.getsockname())
    server.connect(client.getsockname())
    others = [asyncio.create_task(loop.sock_recv(sleepy, 8)) for sleepy in idle]
    others.append(asyncio.create_task(echo(server)))

    done = 0
    for number in range(operations + 1):
        datagram = number.to_bytes(8, "little")
        await loop.sock_sendall(client, datagram)
        answer = await loop.sock_recv(client, 8)
        if number == 0:
            start = time.perf_counter_ns()
        else:
            done += answer == datagram
    elapsed = time.perf_counter_ns() - start

    for task in others:
        task.cancel()
    return done, elapsed


def udp_socket():
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setblocking(False)
    made.bind(("127.0.0.1", 0))
    return made


class Jump(selectors.DefaultSelector):
    """A selector that does not wait: it moves a clock on."""

    now = 0.0

    def select(self, timeout=None):
        events = super().select(0)
        if not events:
            self.now += timeout or 0
        return events


def virtual_loop():
    selector = Jump()
    loop = asyncio.SelectorEventLoop(selector)
    loop.time = lambda: selector.now
    return loop


def main(workload, operations, idle_sockets):
    works = {
        "switch": switch,
        "spawn_join": spawn_join,
        "sleepers": sleepers,
        "udp_round_trip": round_trips,
        "idle_sockets": round_trips,
    }
    loop = virtual_loop() if workload == "sleepers" else asyncio.new_event_loop()
    work = works[workload](int(operations), int(idle_sockets))
    # A datagram may be lost. Virtual time is over sooner than a minute of it.
    limit = None if workload == "sleepers" else 60
    done, elapsed = loop.run_until_complete(asyncio.wait_for(work, limit))
    print(done, elapsed)


main(*sys.argv[1:])
