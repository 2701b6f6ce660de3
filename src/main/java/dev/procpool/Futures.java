package dev.procpool;

import dev.procpool.internal.pool.Completions;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Waiting for many futures at once, in the manner of Python's {@code as_completed} and {@code wait}. All methods take
 * futures of any executors and of any {@link CompletableFuture} kind, mixed; a future that occurs several times counts
 * once. Made to be imported statically. Thread-safe; an iterator belongs to one thread.
 */
public final class Futures {
    /** {@link ReturnWhen#FIRST_COMPLETED}. */
    public static final ReturnWhen FIRST_COMPLETED = ReturnWhen.FIRST_COMPLETED;
    /** {@link ReturnWhen#FIRST_EXCEPTION}. */
    public static final ReturnWhen FIRST_EXCEPTION = ReturnWhen.FIRST_EXCEPTION;
    /** {@link ReturnWhen#ALL_COMPLETED}. */
    public static final ReturnWhen ALL_COMPLETED = ReturnWhen.ALL_COMPLETED;

    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private Futures() {}

    /** When {@link Futures#await} returns. */
    public enum ReturnWhen {
        /** When a future is done, in whatever way. */
        FIRST_COMPLETED,
        /** When a future has failed (a cancelled one has not), or all are done. */
        FIRST_EXCEPTION,
        /** When all are done. */
        ALL_COMPLETED
    }

    /**
     * What {@link Futures#await} saw when it returned. Both sets are unmodifiable and in the order of the collection.
     *
     * @param done the futures that were done
     * @param notDone the others
     * @param <F> the kind of future
     */
    public record Awaited<F extends CompletableFuture<?>>(Set<F> done, Set<F> notDone) {}

    /**
     * Yields each future once, as it finishes; those that are done already come first, in the order of the collection.
     * The collection is read now; the iterable may be iterated several times.
     *
     * <p>{@code hasNext} never blocks. If the thread is interrupted while {@code next} waits, {@code next} throws a
     * {@link CompletionException} whose cause is the {@link InterruptedException}, with the interrupt flag set; it may be
     * called again.
     */
    public static <F extends CompletableFuture<?>> Iterable<F> asCompleted(Collection<F> futures) {
        return asCompleted(futures, FOREVER);
    }

    /**
     * As {@link #asCompleted(Collection)}, with a time limit counted from the call of {@code iterator()}. When it has
     * passed and no finished future is left to yield, {@code next} throws a {@link CompletionException} whose cause is a
     * {@link TimeoutException}. The futures themselves run on.
     */
    public static <F extends CompletableFuture<?>> Iterable<F> asCompleted(Collection<F> futures, Duration timeout) {
        return new AsCompleted<>(distinct(futures), timeout);
    }

    /** {@link #await(Collection, ReturnWhen, Duration)} without a time limit. */
    public static <F extends CompletableFuture<?>> Awaited<F> await(Collection<F> futures, ReturnWhen when)
            throws InterruptedException {
        return await(futures, when, FOREVER);
    }

    /**
     * Waits until the condition holds or the time is over, and says which futures are done then. It is no error if the
     * time is over, and the futures run on.
     *
     * @param futures what to wait for; if empty, the condition holds
     * @param when the condition
     * @param timeout how long to wait at most; zero or less asks without waiting
     * @throws InterruptedException if the thread is interrupted while it waits, as {@code Future.get} does
     */
    public static <F extends CompletableFuture<?>> Awaited<F> await(
            Collection<F> futures, ReturnWhen when, Duration timeout) throws InterruptedException {
        long start = System.nanoTime();
        long limit = nanos(timeout);
        Set<F> all = distinct(futures);
        try (Completions<F> completions = new Completions<>(all)) {
            int open = all.size();
            boolean enough = open == 0;
            while (!enough) {
                F next = completions.poll(limit - (System.nanoTime() - start));
                if (next == null) {
                    break;
                }
                open--;
                enough = open == 0
                        || when == ReturnWhen.FIRST_COMPLETED
                        || (when == ReturnWhen.FIRST_EXCEPTION
                                && next.isCompletedExceptionally()
                                && !next.isCancelled());
            }
        }
        Set<F> done = new LinkedHashSet<>();
        Set<F> notDone = new LinkedHashSet<>();
        all.forEach(future -> (future.isDone() ? done : notDone).add(future));
        return new Awaited<>(Collections.unmodifiableSet(done), Collections.unmodifiableSet(notDone));
    }

    /** At least 0: less than nothing must not become much when something is subtracted. */
    private static long nanos(Duration timeout) {
        return Math.max(0, TimeUnit.NANOSECONDS.convert(timeout));
    }

    private static <F extends CompletableFuture<?>> Set<F> distinct(Collection<F> futures) {
        Set<F> distinct = new LinkedHashSet<>();
        for (F future : futures) {
            distinct.add(Objects.requireNonNull(future, "futures contains null"));
        }
        return distinct;
    }

    private record AsCompleted<F extends CompletableFuture<?>>(Set<F> futures, Duration timeout)
            implements Iterable<F> {
        AsCompleted {
            Objects.requireNonNull(timeout, "timeout");
        }

        @Override
        public Iterator<F> iterator() {
            return new CompletionIterator<>(futures, timeout);
        }

        /** Of known size, so that a progress bar knows its maximum. */
        @Override
        public Spliterator<F> spliterator() {
            return Spliterators.spliterator(iterator(), futures.size(), Spliterator.DISTINCT | Spliterator.NONNULL);
        }
    }

    private static final class CompletionIterator<F extends CompletableFuture<?>> implements Iterator<F> {
        private final long start = System.nanoTime();
        private final Set<F> futures;
        private final Duration timeout;
        private int left;
        private @Nullable Completions<F> completions;

        CompletionIterator(Set<F> futures, Duration timeout) {
            this.futures = futures;
            this.timeout = timeout;
            left = futures.size();
        }

        @Override
        public boolean hasNext() {
            return left > 0;
        }

        @Override
        public F next() {
            if (left == 0) {
                throw new NoSuchElementException();
            }
            if (completions == null) { // only now: an iterator may be made just to ask for its size
                completions = new Completions<>(futures);
            }
            F next;
            try {
                next = completions.poll(nanos(timeout) - (System.nanoTime() - start));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CompletionException(e);
            }
            if (next == null) {
                completions.close();
                throw new CompletionException(
                        new TimeoutException(left + " of " + futures.size() + " futures unfinished after " + timeout));
            }
            left--;
            return next;
        }
    }
}
