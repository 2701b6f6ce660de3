package dev.procpool.lab.measure;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Looks at the memory of the children now and then, and keeps the most it saw. */
final class MemorySampler implements AutoCloseable {
    private static final long PERIOD_MILLIS = 20;

    private final AtomicLong childrenPeak = new AtomicLong();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "lab-memory");
        thread.setDaemon(true);
        return thread;
    });

    MemorySampler() {
        var unused = clock.scheduleWithFixedDelay(this::sample, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    void sample() {
        childrenPeak.accumulateAndGet(ProcessTree.childrenPeak(), Math::max);
    }

    void report(Values values) {
        if (ProcessTree.isKnown()) {
            values.add(Metric.PARENT_PEAK, (double) ProcessTree.ownPeak());
            values.add(Metric.CHILDREN_PEAK, (double) childrenPeak.get());
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
