package dev.procpool.internal.pool;

import dev.procpool.MapOptions;
import dev.procpool.SerializableFunction;
import dev.procpool.TaskExecutor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The stream that {@code map} returns: takes items from the source, has chunks of them worked on, and delivers results.
 * All of that happens on the consumer's thread, driven by its demand; only {@link #close} may come from elsewhere.
 *
 * <pre>
 * source ──take──▶ chunk ──ChunkRunner──▶ pending ──in order, or as they finish──▶ outcomes ──one by one──▶ consumer
 * </pre>
 *
 * <p><b>How far ahead.</b> Each chunk consumed is replaced, and more are sent as long as the consumer would have to wait,
 * within the buffer's bound. So a fast consumer keeps all workers busy, and a slow one has little lying about.
 *
 * <p><b>How large a chunk.</b> So large that a worker needs {@value #TARGET_NANOS} ns for it: then the cost of a message
 * doesn't matter, and the chunks of different workers still end together; longer where a message costs so much, for
 * instance the start of a process, that it would matter. It starts at one item and at most doubles with
 * each chunk measured. Items that turn out slower than that are cut off by the worker ({@link ChunkTask}) and sent again
 * in smaller chunks. A chunk is never so large that there would be too few to keep all workers busy.
 */
public final class MapStream<T, R> implements Spliterator<R> {
    private static final long TARGET_NANOS = 3_000_000;
    /** But where a message costs much, a chunk is to be this many times as long as a message takes. */
    private static final int TIMES_OVERHEAD = 4;

    private static final long MAX_TARGET_NANOS = 2_000_000_000;
    /** A worker gives back what it has not started when a chunk takes this many times as long as it should. */
    private static final int BUDGET_FACTOR = 4;

    private static final int MAX_CHUNK = 1 << 14;
    private static final int CHUNKS_PER_WORKER = 4;
    /** A source that takes longer for an item is slow: what it has given is sent rather than waiting for more. */
    private static final long SLOW_SOURCE_NANOS = 1_000_000;

    private final Iterable<? extends T> items;
    private final ChunkRunner<T, R> runner;
    private final int workers;
    private final boolean adaptive;
    private final boolean ordered;
    private final int bufferSize;
    private final int maxPending;
    private final int maxChunk;

    private final Deque<Chunk<T, R>> pending = new ConcurrentLinkedDeque<>();
    /** Unordered streams only: those of {@link #pending} that are done. */
    private final BlockingQueue<Chunk<T, R>> finished = new LinkedBlockingQueue<>();

    private volatile boolean closed;

    // The consumer's alone:
    private @Nullable Spliterator<? extends T> source;
    private boolean exhausted;
    private @Nullable Throwable sourceFailure;
    private boolean sourceIsSlow;
    private int pendingChunks;
    private int pendingItems;
    private int chunkSize;
    private double nanosPerItem;
    /** What a chunk takes beyond the work on its items, on average; rather too low than too high. */
    private double overheadNanos;
    /** When the last results were there, in turn: as many as there are workers. */
    private final long[] resultsAt;

    private int results;
    private ChunkResult<R> current = new ChunkResult<>(new Object[0], 0);
    private int position;

    private static final class Chunk<T, R> {
        final List<T> items;
        final CompletableFuture<ChunkResult<R>> future;
        final long sentAt;

        Chunk(List<T> items, CompletableFuture<ChunkResult<R>> future, long sentAt) {
            this.items = items;
            this.future = future;
            this.sentAt = sentAt;
        }
    }

    private MapStream(Iterable<? extends T> items, MapOptions options, int workers, ChunkRunner<T, R> runner) {
        this.items = Objects.requireNonNull(items, "items");
        this.runner = runner;
        this.workers = workers;
        resultsAt = new long[workers];
        adaptive = options.chunkSize().isEmpty();
        ordered = !options.isUnordered();
        bufferSize = options.bufferSize().orElse(Integer.MAX_VALUE);
        maxPending = options.bufferSize().isPresent() ? Integer.MAX_VALUE : CHUNKS_PER_WORKER * workers;
        chunkSize = options.chunkSize().orElse(1);
        maxChunk = adaptive ? Math.max(1, Math.min(MAX_CHUNK, bufferSize / (2 * workers))) : chunkSize;
    }

    /**
     * The stream of {@code fn} applied to {@code items}.
     *
     * @param workers how many chunks can be worked on at the same time
     * @param runner what works on them; with a time limit in {@code options} it has to watch it for each item
     */
    static <T, R> Stream<R> of(Iterable<? extends T> items, MapOptions options, int workers, ChunkRunner<T, R> runner) {
        MapStream<T, R> stream = new MapStream<>(items, options, workers, runner);
        return StreamSupport.stream(stream, false).onClose(stream::close);
    }

    /**
     * The stream of {@code fn} applied to {@code items} by plain tasks of {@code executor}.
     *
     * @param executor has to watch the time limit of {@code options}, if there is one, for each task
     */
    public static <T, R> Stream<R> overTasks(
            TaskExecutor executor,
            SerializableFunction<? super T, ? extends R> fn,
            Iterable<? extends T> items,
            MapOptions options) {
        Objects.requireNonNull(fn, "fn");
        MapOptions each = options.timeout().isPresent() ? options.chunkSize(1) : options;
        return of(
                items,
                each,
                executor.parallelism(),
                (chunk, budgetNanos) -> executor.submit(new ChunkTask<>(fn, chunk, budgetNanos)));
    }

    @Override
    public boolean tryAdvance(Consumer<? super R> action) {
        while (position == current.size()) {
            if (!nextChunk()) {
                return false;
            }
        }
        action.accept(current.take(position++));
        return true;
    }

    /** Makes the next finished chunk the current one; false at the end. */
    private boolean nextChunk() {
        fill();
        if (closed) {
            return false;
        }
        if (pendingChunks == 0) {
            return endOfSource();
        }
        Chunk<T, R> chunk;
        ChunkResult<R> next;
        try {
            boolean waits = !isNextDone();
            chunk = ordered ? pending.getFirst() : finished.take();
            next = resultOf(chunk, waits);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        }
        if (closed) {
            return false;
        }
        pending.remove(chunk);
        pendingChunks--;
        pendingItems -= chunk.items.size();
        if (next.size() < chunk.items.size()) {
            sendAgain(chunk.items.subList(next.size(), chunk.items.size()));
        }
        current = next;
        position = 0;
        return true;
    }

    private boolean endOfSource() {
        runner.close();
        if (sourceFailure != null) {
            Throwable failure = sourceFailure;
            sourceFailure = null;
            throw ChunkResult.unchecked(failure);
        }
        return false;
    }

    private ChunkResult<R> resultOf(Chunk<T, R> chunk, boolean waits) throws InterruptedException {
        try {
            ChunkResult<R> result = chunk.future.get();
            measureOverhead(chunk, result, waits);
            if (adaptive) {
                adapt(result);
            }
            return result;
        } catch (ExecutionException e) {
            return ChunkResult.allFailed(chunk.items.size(), Objects.requireNonNullElse(e.getCause(), e));
        } catch (CancellationException e) {
            return ChunkResult.allFailed(chunk.items.size(), e);
        }
    }

    /**
     * A worker could start on this chunk when it was sent, or when the chunk as many places before it as there are
     * workers was done. Only where the consumer waited for it do we know when it was done itself.
     */
    private void measureOverhead(Chunk<T, R> chunk, ChunkResult<R> result, boolean waits) {
        long now = System.nanoTime();
        int place = results % resultsAt.length;
        if (waits && results >= resultsAt.length) { // not the first ones: workers may have had to be started for them
            long start = Math.max(chunk.sentAt, resultsAt[place]);
            overheadNanos += (Math.max(0, now - start - result.nanos()) - overheadNanos) / 4;
        }
        resultsAt[place] = now;
        results++;
    }

    /** Believes at once that items have become slower, and step by step that they have become faster. */
    private void adapt(ChunkResult<R> result) {
        double measured = Math.max(1.0, (double) result.nanos() / result.size());
        nanosPerItem = measured > nanosPerItem ? measured : (measured + nanosPerItem) / 2;
        int ideal = (int) Math.max(1, targetNanos() / nanosPerItem);
        chunkSize = Math.min(Math.min(ideal, 2 * chunkSize), maxChunk);
    }

    private long targetNanos() {
        return Math.max(TARGET_NANOS, Math.min((long) (TIMES_OVERHEAD * overheadNanos), MAX_TARGET_NANOS));
    }

    private void fill() {
        while (!closed && !exhausted && hasRoom()) {
            List<T> taken = take(Math.min(nextSize(), bufferSize));
            if (!taken.isEmpty()) {
                List<Chunk<T, R>> sent = new ArrayList<>(1);
                send(taken, sent);
                sent.forEach(pending::addLast);
            }
            if (isNextDone() && (sourceIsSlow || pendingChunks >= 2 * workers)) {
                break;
            }
        }
        cancelIfClosed();
    }

    private boolean hasRoom() {
        return pendingChunks == 0 || (pendingChunks < maxPending && pendingItems + nextSize() <= bufferSize);
    }

    /** Whether the consumer doesn't have to wait. */
    private boolean isNextDone() {
        Chunk<T, R> first = pending.peekFirst();
        return ordered ? first != null && first.future.isDone() : !finished.isEmpty();
    }

    /** The size of the next chunk: near the end of a source of known size smaller, so that all workers end together. */
    private int nextSize() {
        long left = adaptive && source != null ? source.getExactSizeIfKnown() : -1;
        return left < 0 ? chunkSize : (int) Math.max(1, Math.min(chunkSize, left / (2L * workers)));
    }

    /** Takes up to {@code limit} items from the source; fewer where it ends, fails, or makes us wait. */
    private List<T> take(int limit) {
        List<T> taken = new ArrayList<>();
        try {
            if (source == null) {
                source = items.spliterator();
            }
            long before = System.nanoTime();
            sourceIsSlow = false;
            while (taken.size() < limit && !sourceIsSlow && !exhausted) {
                exhausted = !source.tryAdvance(taken::add);
                long now = System.nanoTime();
                sourceIsSlow = now - before > SLOW_SOURCE_NANOS;
                before = now;
            }
        } catch (Throwable thrown) {
            exhausted = true;
            sourceFailure = thrown;
        }
        return taken;
    }

    private void sendAgain(List<T> rest) {
        List<Chunk<T, R>> sent = new ArrayList<>();
        for (int from = 0; from < rest.size(); from += chunkSize) {
            send(new ArrayList<>(rest.subList(from, Math.min(from + chunkSize, rest.size()))), sent);
        }
        Collections.reverse(sent);
        sent.forEach(pending::addFirst);
        cancelIfClosed();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback does not throw
    private void send(List<T> chunkItems, List<Chunk<T, R>> sent) {
        CompletableFuture<ChunkResult<R>> future;
        long now = System.nanoTime();
        try {
            future = runner.run(chunkItems, adaptive ? BUDGET_FACTOR * targetNanos() : Long.MAX_VALUE);
        } catch (RuntimeException e) {
            if (chunkItems.size() > 1 && !(e instanceof RejectedExecutionException)) {
                // None of them has started; alone, those that can be sent are not held up by the one that can't.
                chunkItems.forEach(item -> send(Collections.singletonList(item), sent));
                return;
            }
            future = CompletableFuture.failedFuture(e);
        }
        Chunk<T, R> chunk = new Chunk<>(chunkItems, future, now);
        sent.add(chunk);
        pendingChunks++;
        pendingItems += chunkItems.size();
        if (!ordered) {
            future.whenComplete((result, thrown) -> finished.add(chunk));
        }
    }

    private void close() {
        closed = true;
        cancelIfClosed();
        runner.close();
    }

    /** Called by {@link #close}, and after chunks have become pending, which may have been during {@code close}. */
    private void cancelIfClosed() {
        if (closed) {
            pending.forEach(chunk -> chunk.future.cancel(true));
        }
    }

    /** Null: chunks are worked on in parallel, but the stream itself is sequential. */
    @Override
    public @Nullable Spliterator<R> trySplit() {
        return null;
    }

    /** Unknown, even for a source of known size: a stream of known size may skip its work when it is only counted. */
    @Override
    public long estimateSize() {
        return Long.MAX_VALUE;
    }

    @Override
    public int characteristics() {
        return ordered ? ORDERED : 0;
    }
}
