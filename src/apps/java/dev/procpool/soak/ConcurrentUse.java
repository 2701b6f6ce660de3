package dev.procpool.soak;

import dev.procpool.TaskExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * Uses an executor as a server does: several threads at once, each of which submits harmless tasks and waits for them in
 * one {@link Way} after the other. Every value is checked, and a thread that makes no progress for {@link #PATIENCE} is
 * reported with all that can be known of it. The seed makes the choice of tasks and ways repeatable, not the timing.
 */
public final class ConcurrentUse {
    /** After how long without progress a thread hangs. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final List<Way> ALL_WAYS = List.of(Way.values());

    private final List<Thread> threads = new ArrayList<>();
    private final Watchdog watchdog;

    private ConcurrentUse(
            TaskExecutor executor,
            Judge judge,
            IntSupplier numbers,
            Load load,
            long seed,
            Function<Random, Iterator<Way>> ways) {
        List<Waiter> waiters = new ArrayList<>();
        for (int i = 0; i < load.threads(); i++) {
            Waiter waiter = new Waiter(executor, judge, numbers, load.batch(), new Random(seed * 31 + i), ways);
            Thread thread = new Thread(waiter, "waiter-" + i);
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler(
                    (failed, e) -> judge.ledger().wrong(failed.getName() + " ended by " + e));
            waiters.add(waiter);
            threads.add(thread);
        }
        watchdog = new Watchdog(executor, waiters, threads, judge.ledger(), load.patience());
    }

    /**
     * How much of it.
     *
     * @param threads how many threads
     * @param batch how many tasks a thread submits in one way before it goes on to the next
     * @param patience after how long without progress a thread hangs
     */
    public record Load(int threads, int batch, Duration patience) {
        /** Ten threads with bursts of 50 tasks. */
        public static Load normal() {
            return new Load(10, 50, PATIENCE);
        }
    }

    /**
     * Has each thread go through all of {@code ways} so many times, in an order of its own. When a thread hangs, the
     * executor is shut down by force.
     *
     * @return the books; they balance unless something is wrong
     */
    public static Ledger run(TaskExecutor executor, Load load, Collection<Way> ways, int times, long seed)
            throws InterruptedException {
        Ledger ledger = new Ledger();
        AtomicInteger next = new AtomicInteger();
        IntSupplier numbers = () -> {
            ledger.submitted();
            return next.getAndIncrement();
        };
        Judge judge = new Judge(ledger, task -> true, crash -> false);
        ConcurrentUse use = new ConcurrentUse(
                executor,
                judge,
                numbers,
                load,
                seed,
                random -> shuffled(ways, times, random).iterator());
        use.start();
        use.join();
        return ledger;
    }

    private static List<Way> shuffled(Collection<Way> ways, int times, Random random) {
        List<Way> all = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            List<Way> once = new ArrayList<>(ways);
            Collections.shuffle(once, random);
            all.addAll(once);
        }
        return all;
    }

    /** Any of all ways at random, for as long as the run goes on. */
    static ConcurrentUse in(Soak soak, SoakPlan plan, Judge judge) {
        Load load =
                new Load(plan.threads(), Load.normal().batch(), plan.killEvery().isZero() ? PATIENCE : Soak.STANDSTILL);
        return new ConcurrentUse(soak.pool(), judge, soak::nextTask, load, plan.seed(), random -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return soak.goesOn();
            }

            @Override
            public Way next() {
                return ALL_WAYS.get(random.nextInt(ALL_WAYS.size()));
            }
        });
    }

    void start() {
        threads.forEach(Thread::start);
        watchdog.start();
    }

    /** Waits until all threads are done, or the watchdog has given them up. */
    void join() throws InterruptedException {
        watchdog.join();
    }
}
