"""The classic experiment on CPython: RC4 or SHA-256 over random buffers in a ProcessPoolExecutor.

usage: python3 classic.py arcfour|sha WORKERS JOBS SIZE SEED

SHA-256 is hashlib's, that is OpenSSL's native code. CPython has no RC4, so RC4 is written in Python here, as it was in the
classic experiment; compare its times with those of other languages accordingly.
"""

import hashlib
import random
import sys
import time
from concurrent import futures

KEY = b"the key of the lab"


def arcfour(key, data):
    box = list(range(256))
    j = 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) & 255
        box[i], box[j] = box[j], box[i]
    out = bytearray(len(data))
    i = j = 0
    for n, byte in enumerate(data):
        i = (i + 1) & 255
        a = box[i]
        j = (j + a) & 255
        b = box[j]
        box[i] = b
        box[j] = a
        out[n] = byte ^ box[(a + b) & 255]
    return bytes(out)


def arcfour_job(seed, index, size):
    data = random.Random(seed * 1000 + index).randbytes(size)
    if arcfour(KEY, arcfour(KEY, data)) != data:
        raise ValueError(f"job {index}: the decrypted bytes differ from the original")
    return f"{size / 1024:.1f} KB"


def sha_job(seed, index, size):
    return hashlib.sha256(random.Random(seed * 1000 + index).randbytes(size)).hexdigest()


def check_known_answers():
    assert arcfour(b"Key", b"Plaintext").hex() == "bbf316e8d940af0ad3"
    assert hashlib.sha256(b"abc").hexdigest().startswith("ba7816bf8f01cfea414140de5dae2223b00361a3")


def main(job, workers, jobs, size, seed):
    check_known_answers()
    start = time.perf_counter()
    with futures.ProcessPoolExecutor(workers) as executor:
        if job == "arcfour":
            sizes = [size + int(size / jobs * (i - jobs / 2)) for i in range(jobs, 0, -1)]
            submitted = [executor.submit(arcfour_job, seed, i, n) for i, n in enumerate(sizes)]
        else:
            submitted = [executor.submit(sha_job, seed, i, size) for i in range(jobs)]
        for future in futures.as_completed(submitted):
            print(future.result())
    print(f"{workers} workers, elapsed time: {time.perf_counter() - start:.2f}s")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
