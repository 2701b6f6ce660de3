package dev.procpool.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The books of a chaos run: what was submitted, and how it ended. They balance when every task has ended in one of the
 * ways that were foreseen for it, and nothing is left over. Thread-safe.
 */
public final class Ledger {
    private static final int OFFENDERS_LISTED = 40;

    private final LongAdder submitted = new LongAdder();
    private final LongAdder completed = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder failedAsExpected = new LongAdder();
    /** Guarded by this: kinds of foreseen failures. */
    private final Map<String, Long> failures = new TreeMap<>();

    private final LongAdder wrong = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder startedTwice = new LongAdder();
    private final LongAdder workersLeaked = new LongAdder();
    private final LongAdder leaks = new LongAdder();
    /** Guarded by this. */
    private final List<String> offenders = new ArrayList<>();
    /** Guarded by this: what else there is to say, line by line. */
    private final List<String> remarks = new ArrayList<>();
    /** Guarded by this: what helps to find out what is wrong. */
    private final List<String> evidence = new ArrayList<>();

    Ledger() {}

    void submitted() {
        submitted.increment();
    }

    void completed() {
        completed.increment();
    }

    void cancelled() {
        cancelled.increment();
    }

    void failedAsExpected(String how) {
        failedAsExpected.increment();
        synchronized (this) {
            failures.merge(how, 1L, Long::sum);
        }
    }

    void wrong(String offender) {
        wrong.increment();
        list("wrong", offender);
    }

    void lost(String offender) {
        lost.increment();
        list("lost", offender);
    }

    void startedTwice(String offender) {
        startedTwice.increment();
        list("started too often", offender);
    }

    void workerLeaked(String process) {
        workersLeaked.increment();
        list("leaked", process);
    }

    void leaked(String what) {
        leaks.increment();
        list("left over", what);
    }

    private synchronized void list(String what, String offender) {
        if (offenders.size() < OFFENDERS_LISTED) {
            offenders.add(what + ": " + offender);
        } else if (offenders.size() == OFFENDERS_LISTED) {
            offenders.add("… and more");
        }
    }

    synchronized void remark(String line) {
        remarks.add(line);
    }

    synchronized void evidence(String text) {
        evidence.add(text);
    }

    /** How many tasks have been submitted. */
    public long tasks() {
        return submitted.sum();
    }

    /** Whether every task ended as it should and nothing is left over. */
    public boolean balances() {
        return errors() == 0 && unaccounted() == 0;
    }

    private long unaccounted() {
        return submitted.sum() - completed.sum() - failedAsExpected.sum() - cancelled.sum();
    }

    /** How many entries there must not be. */
    long errors() {
        return wrong.sum() + lost.sum() + startedTwice.sum() + workersLeaked.sum() + leaks.sum();
    }

    /** The books, line by line; offenders, and what is known of them, come last. */
    public synchronized List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line("submitted", submitted));
        lines.add(line("completed", completed));
        lines.add(line("failed as expected", failedAsExpected) + (failures.isEmpty() ? "" : "  " + failures));
        lines.add(line("cancelled", cancelled));
        lines.add(line("not accounted for", unaccounted()));
        lines.add(line("wrong", wrong));
        lines.add(line("lost", lost));
        lines.add(line("started twice", startedTwice));
        lines.add(line("workers leaked", workersLeaked));
        lines.add(line("else left over", leaks));
        lines.addAll(remarks);
        lines.addAll(offenders);
        lines.addAll(evidence);
        return lines;
    }

    /** The books, as many lines. */
    @Override
    public String toString() {
        return String.join(System.lineSeparator(), lines());
    }

    private static String line(String name, LongAdder count) {
        return line(name, count.sum());
    }

    private static String line(String name, long count) {
        return String.format("%-20s%,12d", name, count);
    }
}
