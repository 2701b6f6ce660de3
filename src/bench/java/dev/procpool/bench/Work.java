package dev.procpool.bench;

import java.util.stream.LongStream;

/** What tasks do: their code runs in the workers. */
final class Work {
    /** 64 MiB, as DESIGN's figures have it. */
    static final int LARGE = 64 << 20;

    private static byte[] prepared = {};

    private Work() {}

    /** Makes the array that {@link #prepared} returns. Kept in the worker, so that making it isn't measured. */
    static int prepare(int bytes) {
        prepared = new byte[bytes];
        return bytes;
    }

    /** The array that the worker has made. */
    static byte[] prepared() {
        return prepared;
    }

    /** Computes for as long as {@code rounds} say; needs neither memory nor system calls. */
    static long spin(long rounds) {
        return LongStream.range(0, rounds).reduce(rounds, (hash, i) -> (hash ^ i) * 0x9E3779B97F4A7C15L >>> 1);
    }
}
