package dev.procpool.spark;

import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Completes futures, and thereby runs the callbacks of users, on threads that nothing else waits for. Usually one thread
 * does; where a callback blocks it, {@link #tick} has another one go on.
 */
final class Deliverer {
    private final ThreadPoolExecutor threads;
    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean working = new AtomicBoolean();
    private final AtomicLong done = new AtomicLong();
    private long doneAtLastTick;

    Deliverer(String name) {
        AtomicInteger count = new AtomicInteger();
        threads = new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new DeliveryThread(task, name + "-" + count.incrementAndGet(), this);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Has these run, in this order unless one of them blocks. */
    void deliver(Collection<Runnable> completions) {
        if (!completions.isEmpty()) {
            queue.addAll(completions);
            if (working.compareAndSet(false, true)) {
                threads.execute(this::drain);
            }
        }
    }

    private void drain() {
        do {
            work();
            working.set(false);
        } while (!queue.isEmpty() && working.compareAndSet(false, true));
    }

    private void work() {
        for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
            next.run();
            done.incrementAndGet();
        }
    }

    /** Called now and then, by one thread. */
    void tick() {
        long now = done.get();
        if (now == doneAtLastTick && !queue.isEmpty()) {
            threads.execute(this::work);
        }
        doneAtLastTick = now;
    }

    /** Runs something else. */
    void execute(Runnable task) {
        threads.execute(task);
    }

    /** Whether this thread runs callbacks, so that it must not wait for their end. */
    boolean isRunningOn(Thread thread) {
        return thread instanceof DeliveryThread delivery && delivery.owner == this;
    }

    void close() {
        threads.shutdown();
    }

    private static final class DeliveryThread extends Thread {
        private final Deliverer owner;

        DeliveryThread(Runnable task, String name, Deliverer owner) {
            super(null, task, name, 0, false);
            this.owner = owner;
        }
    }
}
