package dev.procpool.lab.bench;

import java.util.Locale;

/** Figures that are measured together: what {@code --only} chooses from. */
public enum Group {
    /** Rate of submit. */
    NOOP,
    /** Time of submit().get(). */
    LATENCY,
    /** Rate of map. */
    MAP,
    /** Large arguments and results. */
    PAYLOAD,
    /** Shared bytes. */
    SHARED,
    /** From the creation of a pool to the first result. */
    START,
    /** The classic program. */
    ARCFOUR,
    /** Digests of a folder. */
    SHA,
    /** CPU-bound jobs. */
    CPU,
    /** CPU of a pool without work. */
    IDLE,
    /** Memory of a worker. */
    MEMORY,
    /** Allocation and context switches of the parent. */
    ALLOC,
    /** Replacement of killed workers. */
    RECOVERY,
    /** Planned replacement. */
    RECYCLE,
    /** What single ideas of the fast path buy. */
    STEPS;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
