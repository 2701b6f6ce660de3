package dev.procpool.lab.measure;

import java.util.Locale;

/** What can be measured of a configuration; names and units as they stand in the data files. */
public enum Metric {
    /** From the creation of the executor to its first result, of a task that does nothing. */
    STARTUP("s"),
    /** The first batch, with cold code; in experiment "reuse" from the creation of the executor on. */
    COLD_BATCH("s"),
    /** The batches between the first and the measured ones, in order. */
    WARMUP_BATCH("s"),
    /** A batch in the steady state: from the first submit until the last result is there. */
    BATCH("s"),
    /** How long each task ran where it ran: steady batch after steady batch, each in the order of submission. */
    SERVICE("s"),
    /**
     * For each steady batch, how long a worker took on average from the end of a task to the start of its next one: to
     * encode a result, decode a task, and whatever else kept it.
     */
    BETWEEN("s"),
    /**
     * For each steady batch, what it took beyond the longest of its workers' times from the start of the first task to the
     * end of the last: until its first calls were sent, awake and decoded, and until its last result was there.
     */
    ENDS("s"),
    /**
     * For each steady batch, CPU time of the submitting thread for one task, on average: above all to encode it. Where that
     * thread runs the task itself, that as well.
     */
    SUBMIT("s"),
    /** CPU time of the parent for one steady batch. */
    PARENT_CPU("s"),
    /** CPU time of all children for one steady batch. */
    CHILDREN_CPU("s"),
    /** Peak resident memory of the parent. */
    PARENT_PEAK("bytes"),
    /** Sum of the peak resident memory of all children that were alive at the same time. */
    CHILDREN_PEAK("bytes"),
    /** Latency of the victim task: half of them were faster. */
    LATENCY_P50("s"),
    /** Latency of the victim task that 90% kept. */
    LATENCY_P90("s"),
    /** Latency of the victim task that 99% kept. */
    LATENCY_P99("s"),
    /** Latency of the victim task that 99.9% kept. */
    LATENCY_P999("s"),
    /** Latency of the slowest victim task. */
    LATENCY_MAX("s"),
    /** What the allocating tasks got done beside the victim. */
    ALLOCATED("bytes/s"),
    /** A whole command, from start to exit. */
    COMMAND("s"),
    /** The elapsed time that the command itself printed. */
    PRINTED("s");

    private final String unit;

    Metric(String unit) {
        this.unit = unit;
    }

    /** The unit: seconds, bytes, or bytes in a second. */
    public String unit() {
        return unit;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
