package dev.procpool.internal.pool;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The futures of a collection in the order in which they finish.
 *
 * <p>A callback can't be taken back from a {@code CompletableFuture}, so two things keep a future that runs for long from
 * collecting garbage. The callbacks know the queue weakly: an iteration that was left early can be collected. And each
 * watches {@code anyOf(future, release)}: when {@link #close} completes the release, the JDK itself unlinks it from the
 * future.
 */
public final class Completions<F extends CompletableFuture<?>> implements AutoCloseable {
    private final BlockingQueue<F> finished = new LinkedBlockingQueue<>();
    private final List<CompletableFuture<?>> releases = new ArrayList<>();

    @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
    public Completions(Collection<F> futures) {
        WeakReference<BlockingQueue<F>> weakly = new WeakReference<>(finished);
        for (F future : futures) {
            if (future.isDone()) {
                finished.add(future);
            } else {
                CompletableFuture<?> release = new CompletableFuture<>();
                releases.add(release);
                CompletableFuture.anyOf(future, release).whenComplete((value, thrown) -> {
                    BlockingQueue<F> queue = weakly.get();
                    if (queue != null && !release.isDone()) {
                        queue.add(future);
                    }
                });
            }
        }
    }

    /** The next future that has finished, or null if there is none after {@code timeoutNanos}. */
    public @Nullable F poll(long timeoutNanos) throws InterruptedException {
        F next = finished.poll(); // first without waiting: only a wait can be interrupted
        return next != null ? next : finished.poll(timeoutNanos, TimeUnit.NANOSECONDS);
    }

    /** Stops watching: those that finish from now on are not reported. */
    @Override
    public void close() {
        releases.forEach(release -> release.complete(null));
        releases.clear();
    }
}
