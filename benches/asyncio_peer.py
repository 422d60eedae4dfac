"""The workloads on CPython's asyncio, from its standard library alone.

Each line of standard input is `WORKLOAD OPERATIONS SIZE`. Each is answered by how many operations have come to their
right end, and how many nanoseconds that took. What is measured is the same as in src/workloads, where the comments are.
"""

import asyncio
import gc
import socket
import sys
import threading
import time
import tracemalloc

now = time.perf_counter_ns
NANOSECOND, HOUR = 1e-9, 3600
# How long a thread lets the loop fall asleep, which holds the lock of the interpreter until then.
PAUSE = 200e-6


async def take_turns(turns, tasks, delay):
    taken = 0

    async def take():
        nonlocal taken
        while taken < turns:
            await asyncio.sleep(delay)
            taken += 1

    others = [asyncio.create_task(take()) for _ in range(1, tasks)]
    await asyncio.sleep(delay)
    taken = 0
    start = now()
    await take()
    elapsed, done = now() - start, taken
    for other in others:
        await other
    return done, elapsed


async def switch(turns, tasks):
    return await take_turns(turns, tasks, 0)


async def timers(sleeps, tasks):
    return await take_turns(sleeps, tasks, NANOSECOND)


async def hand_over(turns, _):
    turn, waits = 0, [None, None]

    async def take(parity):
        nonlocal turn
        taken = 0
        while turn < turns:
            if turn % 2 == parity:
                taken += 1
                turn += 1
                if (other := waits[1 - parity]) is not None:
                    waits[1 - parity] = None
                    other.set_result(None)
            else:
                waits[parity] = asyncio.get_running_loop().create_future()
                await waits[parity]
        return taken

    start = now()
    other = asyncio.create_task(take(1))
    done = await take(0) + await other
    return done, now() - start


async def spawn_join(tasks, at_once):
    async def give(number):
        return number

    done = 0
    start = now()
    while done < tasks:
        spawned = [asyncio.create_task(give(number)) for number in range(at_once)]
        for number, task in enumerate(spawned):
            done += await task == number
    return done, now() - start


async def waiting(tasks, _):
    async def wait(previous):
        await previous

    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    last = first = asyncio.get_running_loop().create_future()
    for _ in range(tasks):
        last = asyncio.create_task(wait(last))
    await asyncio.sleep(0)
    size = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    first.set_result(None)
    await last
    return tasks, size


async def timers_among(sleeps, others):
    sleepers = [asyncio.create_task(asyncio.sleep(HOUR)) for _ in range(others)]
    await asyncio.sleep(0)
    done = 0
    start = now()
    while done < sleeps:
        await asyncio.sleep(NANOSECOND)
        done += 1
    elapsed = now() - start
    for sleeper in sleepers:
        sleeper.cancel()
    return done, elapsed


async def cancel(tasks, _):
    done = 0
    start = now()
    for _ in range(tasks):
        sleeper = asyncio.create_task(asyncio.sleep(HOUR))
        await asyncio.sleep(0)
        sleeper.cancel()
        try:
            await sleeper
        except asyncio.CancelledError:
            done += 1
    return done, now() - start


async def timeout(timeouts, _):
    done = 0
    start = now()
    for _ in range(timeouts):
        async with asyncio.timeout(HOUR):
            await asyncio.sleep(0)
            done += 1
    return done, now() - start


async def wake_asleep(times, _):
    loop = asyncio.get_running_loop()
    over, answered = loop.create_future(), threading.Lock()
    answered.acquire()

    def call():
        elapsed = 0
        for _ in range(times):
            time.sleep(PAUSE)
            start = now()
            loop.call_soon_threadsafe(answered.release)
            answered.acquire()
            elapsed += now() - start
        loop.call_soon_threadsafe(over.set_result, elapsed)

    caller = threading.Thread(target=call)
    caller.start()
    elapsed = await over
    caller.join()
    return times, elapsed


async def wake_awake(times, _):
    loop, heard = asyncio.get_running_loop(), 0

    def hear():
        nonlocal heard
        heard += 1

    def call():
        for _ in range(times):
            loop.call_soon_threadsafe(hear)

    caller = threading.Thread(target=call)
    start = now()
    caller.start()
    while heard < times:
        await asyncio.sleep(0)
    elapsed = now() - start
    caller.join()
    return heard, elapsed


def udp_socket():
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setblocking(False)
    made.bind(("127.0.0.1", 0))
    return made


async def round_trip(operations, idle):
    loop = asyncio.get_running_loop()

    async def echo(server):
        while True:
            datagram, sender = await loop.sock_recvfrom(server, 8)
            await loop.sock_sendto(server, datagram, sender)

    sockets = [udp_socket() for _ in range(idle)]
    client, server = udp_socket(), udp_socket()
    address = server.getsockname()
    others = [asyncio.create_task(loop.sock_recvfrom(sleepy, 8)) for sleepy in sockets]
    others.append(asyncio.create_task(echo(server)))

    done = 0
    for number in range(operations + 1):
        datagram = number.to_bytes(8, "little")
        await loop.sock_sendto(client, datagram, address)
        answer, _ = await loop.sock_recvfrom(client, 8)
        if number == 0:
            start = now()
        else:
            done += answer == datagram
    elapsed = now() - start

    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    for made in [client, server, *sockets]:
        made.close()
    return done, elapsed


class Echo(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, datagram, sender):
        self.transport.sendto(datagram, sender)


class Ask(asyncio.DatagramProtocol):
    """The next datagram is sent when the answer to the last one has come."""

    def __init__(self, operations, server, over):
        self.operations, self.server, self.over = operations, server, over
        self.number, self.done = 0, 0

    def connection_made(self, transport):
        self.transport = transport
        self.send()

    def send(self):
        self.datagram = self.number.to_bytes(8, "little")
        self.transport.sendto(self.datagram, self.server)

    def datagram_received(self, answer, _):
        if self.number == 0:
            self.start = now()
        else:
            self.done += answer == self.datagram
        if self.number < self.operations:
            self.number += 1
            self.send()
        else:
            self.over.set_result((self.done, now() - self.start))


async def round_trip_by_protocol(operations, idle):
    loop, over = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()

    async def open_socket(protocol):
        return (await loop.create_datagram_endpoint(protocol, sock=udp_socket()))[0]

    transports = [await open_socket(asyncio.DatagramProtocol) for _ in range(idle)]
    server = await open_socket(Echo)
    address = server.get_extra_info("sockname")
    client = await open_socket(lambda: Ask(operations, address, over))
    timed = await over
    for transport in [client, server, *transports]:
        transport.abort()
    await asyncio.sleep(0)
    return timed


async def queue(messages, capacity):
    made = asyncio.Queue(capacity)

    async def put():
        for number in range(messages):
            await made.put(number)

    done = 0
    start = now()
    putter = asyncio.create_task(put())
    while done < messages:
        assert await made.get() == done
        done += 1
    elapsed = now() - start
    await putter
    return done, elapsed


async def gather(times, children):
    async def give(number):
        await asyncio.sleep(0)
        return number

    expected = list(range(children))
    done = 0
    start = now()
    for _ in range(times):
        done += await asyncio.gather(*[give(number) for number in range(children)]) == expected
    return done, now() - start


async def lock(times, tasks):
    made, done = asyncio.Lock(), 0

    async def take():
        nonlocal done
        while done < times:
            async with made:
                done += 1

    await made.acquire()
    others = [asyncio.create_task(take()) for _ in range(1, tasks)]
    await asyncio.sleep(0)
    made.release()
    start = now()
    await take()
    elapsed, counted = now() - start, done
    for other in others:
        await other
    return counted, elapsed


WORKS = [
    switch, timers, hand_over, spawn_join, waiting, timers_among, cancel, timeout, wake_asleep, wake_awake,
    round_trip, round_trip_by_protocol, queue, gather, lock,
]  # fmt: skip


async def within_a_minute(work):
    # A datagram may be lost.
    return await asyncio.wait_for(work, 60)


def main():
    works = {work.__name__: work for work in WORKS}
    for line in sys.stdin:
        workload, operations, size = line.split()
        work = works[workload](int(operations), int(size))
        # What the last one has left behind is not this one's work.
        gc.collect()
        if workload.startswith("round_trip"):
            work = within_a_minute(work)
        print(*asyncio.run(work), flush=True)


main()
