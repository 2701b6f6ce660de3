"""CPython's process pool, measured as procpool is: prints one line of JSON. Usage: EFFORT FIGURE..."""

import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor

EFFORTS = {"quick": (1.0, 5, 0.15), "full": (2.0, 9, 0.4)}  # warm-up, batches, seconds of a batch
LARGE = 64 << 20
CHUNK = 1000

large_result = None


def noop():
    return 1


def increment(x):
    return x + 1


def make_large():
    global large_result
    if large_result is None:
        large_result = bytes(LARGE)
    return large_result


def seconds(action, *args):
    start = time.perf_counter()
    action(*args)
    return time.perf_counter() - start


def rate(effort, batch, first, most):
    """Pieces of work in a second; batches grow while everything warms up, until they take as long as they should."""
    warm_up, batches, batch_seconds = effort
    n = first
    best = 0
    end = time.perf_counter() + warm_up
    while True:
        best = max(best, n / seconds(batch, n))
        n = int(max(1, min(best * batch_seconds, n * 8, most)))
        if time.perf_counter() >= end:
            return [n / seconds(batch, n) for _ in range(batches)]


def submit_all(pool, n):
    for future in [pool.submit(noop) for _ in range(n)]:
        future.result()


def map_all(pool, n):
    if sum(pool.map(increment, range(n), chunksize=CHUNK)) != n * (n + 1) // 2:
        raise ValueError("wrong sum")


def trips(pool, duration):
    micros = []
    before = time.perf_counter()
    end = before + duration
    while before < end:
        pool.submit(noop).result()
        after = time.perf_counter()
        micros.append((after - before) * 1e6)
        before = after
    micros.sort()
    return micros


def latency(effort, samples):
    warm_up, batches, batch_seconds = effort
    with ProcessPoolExecutor(1) as pool:
        trips(pool, warm_up)
        for _ in range(batches):
            micros = trips(pool, batch_seconds)
            samples.setdefault("latency", []).append(micros[len(micros) // 2])
            samples.setdefault("latency.p99", []).append(micros[int(len(micros) * 0.99)])


def payload(effort, samples):
    data = bytes(LARGE)
    with ProcessPoolExecutor(1) as pool:
        for figure, trip in (
            ("payload.argument", lambda: pool.submit(len, data).result()),
            ("payload.result", lambda: pool.submit(make_large).result()),
        ):
            trip()
            samples[figure] = [LARGE / seconds(trip) / 1e9 for _ in range(effort[1])]


def measure(figure, effort, samples):
    if figure == "noop":
        with ProcessPoolExecutor(2) as pool:
            samples["noop"] = rate(effort, lambda n: submit_all(pool, n), 1, 200_000)
    elif figure == "map":
        with ProcessPoolExecutor(2) as pool:
            samples["map"] = rate(effort, lambda n: map_all(pool, n), 10 * CHUNK, 2_000_000)
    elif figure == "latency":
        latency(effort, samples)
    elif figure == "payload":
        payload(effort, samples)
    else:
        sys.exit(f"no figure {figure}")


def main():
    effort = EFFORTS[sys.argv[1]]
    samples = {}
    for figure in sys.argv[2:]:
        measure(figure, effort, samples)
    print(json.dumps(samples))


if __name__ == "__main__":
    main()
