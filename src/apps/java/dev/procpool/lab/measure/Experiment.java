package dev.procpool.lab.measure;

import java.util.Locale;

/** The questions the lab asks. */
public enum Experiment {
    /** Elapsed time, speed-up and efficiency by worker count, for each executor. */
    SCALING,
    /** What processes cost over threads, by task length. */
    CROSSOVER,
    /** A victim beside a task that allocates hard: one shared heap against separate ones. */
    HEAPS,
    /** The two commands of the classic experiment, and CPython running the same jobs. */
    CLASSIC,
    /** A pool that is used again against a process for each task. */
    REUSE,
    /** What the pool charges for a task that does nothing: the input of the simulator. */
    COSTS;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
