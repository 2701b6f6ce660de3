package dev.procpool.soak;

import dev.procpool.ProcessPoolExecutor;
import dev.procpool.TaskExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Watches waiters until all of them are done. When one makes no progress any more, enters it into the books as lost, with
 * what all threads do and what the pool says of itself, and ends everything by force, so that nobody waits for ever.
 */
final class Watchdog extends Thread {
    private static final int LOOKS = 20;
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    private final TaskExecutor executor;
    private final List<Waiter> waiters;
    private final List<Thread> threads;
    private final Ledger ledger;
    private final Duration patience;

    /** {@code threads} run the {@code waiters}, in this order. */
    Watchdog(TaskExecutor executor, List<Waiter> waiters, List<Thread> threads, Ledger ledger, Duration patience) {
        super("watchdog");
        this.executor = executor;
        this.waiters = waiters;
        this.threads = threads;
        this.ledger = ledger;
        this.patience = patience;
        setDaemon(true);
    }

    @Override
    public void run() {
        try {
            for (Thread thread : threads) {
                while (thread.isAlive()) {
                    thread.join(Math.max(1, patience.toMillis() / LOOKS));
                    if (findStalled()) {
                        endAll();
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            interrupt();
        }
    }

    private boolean findStalled() {
        boolean found = false;
        for (int i = 0; i < waiters.size(); i++) {
            Waiter waiter = waiters.get(i);
            long nanos = waiter.nanosWithoutProgress();
            if (!waiter.isOver() && nanos > patience.toNanos()) {
                found = true;
                ledger.lost(threads.get(i).getName() + " hangs for "
                        + Duration.ofNanos(nanos).toSeconds() + " s: " + waiter.doing());
            }
        }
        return found;
    }

    private void endAll() throws InterruptedException {
        if (executor instanceof ProcessPoolExecutor pool) {
            ledger.evidence("pool: " + pool + ", " + pool.stats());
            pool.workers().forEach(worker -> ledger.evidence("worker: " + worker));
        }
        Thread.getAllStackTraces().forEach(this::describe);
        executor.shutdownNow();
        threads.forEach(Thread::interrupt);
        long until = System.nanoTime() + LAST_WORDS.toNanos();
        for (Thread thread : threads) {
            thread.join(1 + TimeUnit.NANOSECONDS.toMillis(Math.max(0, until - System.nanoTime())));
        }
    }

    private void describe(Thread thread, StackTraceElement[] stack) {
        StringBuilder text = new StringBuilder("thread ")
                .append(thread.getName())
                .append(' ')
                .append(thread.getState());
        for (StackTraceElement frame : stack) {
            text.append(System.lineSeparator()).append("    at ").append(frame);
        }
        ledger.evidence(text.toString());
    }
}
