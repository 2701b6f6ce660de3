"""The program of bin/arcfour-futures for CPython: RC4 in pure Python over a dozen buffers on worker processes.

Usage: WORKERS. Prints the size of each job as it completes, and the elapsed time.
"""

import os
import sys
import time
from concurrent import futures

JOBS = 12
SIZE = 1 << 18
KEY = b"'Twas brillig, and the slithy toves"


def arcfour(key, data):
    box = list(range(256))
    j = 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) & 255
        box[i], box[j] = box[j], box[i]
    i = j = 0
    out = bytearray(len(data))
    for n, byte in enumerate(data):
        i = (i + 1) & 255
        a = box[i]
        j = (j + a) & 255
        b = box[j]
        box[i] = b
        box[j] = a
        out[n] = byte ^ box[(a + b) & 255]
    return bytes(out)


def job(size):
    clear = os.urandom(size)
    if arcfour(KEY, arcfour(KEY, clear)) != clear:
        raise ValueError("decrypted text differs")
    return size


def main():
    workers = int(sys.argv[1])
    start = time.perf_counter()
    with futures.ProcessPoolExecutor(workers) as pool:
        sizes = [SIZE + SIZE // JOBS * (i - JOBS // 2) for i in range(JOBS, 0, -1)]
        for done in futures.as_completed([pool.submit(job, size) for size in sizes]):
            print(f"{done.result() / 1024:.1f} KB")
    print(f"{workers} workers, elapsed time: {time.perf_counter() - start:.2f}s")


if __name__ == "__main__":
    main()
