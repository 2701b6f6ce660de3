package dev.procpool.internal.pool;

import dev.procpool.BrokenPoolException;
import dev.procpool.MapOptions;
import dev.procpool.SerializableFunction;
import dev.procpool.TaskOptions;
import dev.procpool.TaskSerializationException;
import dev.procpool.internal.codec.EncodeException;
import dev.procpool.internal.codec.SharedValue;
import dev.procpool.internal.dispatch.BrokenReason;
import dev.procpool.internal.dispatch.Call;
import dev.procpool.internal.launch.ServedClasses;
import dev.procpool.internal.wire.Frames;
import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.PayloadReader;
import dev.procpool.internal.worker.Death;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A chunk of a {@code map}: one call, but each item is answered on its own. So what is done stays done when a worker
 * dies, only the item that was running is lost, and the rest goes to another worker.
 */
public final class BatchCall<T, R> extends Call {
    /** The function as the child sees it: the child knows nothing of this package. */
    private record ItemFunction<T, R>(SerializableFunction<T, R> fn) implements Function<T, R>, Serializable {
        @Override
        public R apply(T item) {
            try {
                return fn.apply(item);
            } catch (Throwable e) {
                throw ItemFunction.<RuntimeException>asUnchecked(e);
            }
        }

        @SuppressWarnings("unchecked") // to the compiler only: what is thrown is what the function threw
        private static <E extends Throwable> RuntimeException asUnchecked(Throwable thrown) throws E {
            throw (E) thrown;
        }
    }

    /** What all chunks of one stream share; all but {@link #close} happens on the consumer's thread. */
    private static final class Batches<T, R> implements ChunkRunner<T, R> {
        final ProcessPool pool;
        final SharedValue<?> function;
        final TaskOptions options;
        final ServedClasses.Origin origin;
        private final Payload scratch = new Payload(); // for encoding one chunk after the other
        /** Keeps the pool from being taken for one that nobody uses; null when the stream needs it no more. */
        @SuppressWarnings("UnusedVariable") // only to be held
        private volatile @Nullable Object inUse;

        Batches(
                ProcessPool pool,
                SharedValue<?> function,
                TaskOptions options,
                ServedClasses.Origin origin,
                Object inUse) {
            this.origin = origin;
            this.pool = pool;
            this.function = function;
            this.options = options;
            this.inUse = inUse;
        }

        @Override
        public CompletableFuture<ChunkResult<R>> run(List<T> items, long budgetNanos) {
            return start(items, budgetNanos).outcome;
        }

        private BatchCall<T, R> start(List<T> items, long budgetNanos) {
            BatchCall<T, R> call = new BatchCall<>(this, items);
            try {
                call.encode(scratch, budgetNanos);
                pool.submit(call, scratch);
                return call;
            } catch (EncodeException e) {
                throw new TaskSerializationException(TaskSerializationException.Stage.TASK_ENCODE, e.getMessage(), e);
            } finally {
                scratch.reset();
            }
        }

        @Override
        public void close() {
            inUse = null;
            function.close();
        }
    }

    private final Batches<T, R> batches;
    private final List<T> items;
    private final Outcome<R> outcome = new Outcome<>(this);
    /** For each item: a value, or the kind and bytes of a reply, or a {@link ChunkResult.Failure}. */
    private final @Nullable Object[] answers;

    private boolean decodesObjects;
    private int answered;
    private long nanos;

    private record Reply(byte kind, byte[] body) {}

    private static final class Outcome<R> extends CompletableFuture<ChunkResult<R>> {
        private final BatchCall<?, R> call;

        Outcome(BatchCall<?, R> call) {
            this.call = call;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            if (completeExceptionally(new CancellationException())) {
                call.batches.pool.cancelled(call, mayInterruptIfRunning);
            }
            return isCancelled();
        }

        @Override
        public ChunkResult<R> get() throws InterruptedException, java.util.concurrent.ExecutionException {
            if (!isDone()) {
                call.help(this::isDone);
                if (!isDone()) {
                    aboutToBlock();
                }
            }
            return super.get();
        }
    }

    private BatchCall(Batches<T, R> batches, List<T> items) {
        super(Frames.BATCH, batches.options.timeout().map(ProcessPool::nanos).orElse(0L), batches.options.retries());
        this.batches = batches;
        this.items = items;
        this.answers = new Object[items.size()];
    }

    /**
     * The stream of {@code fn} applied to {@code items} by the workers of {@code pool}.
     *
     * @param inUse what is reachable as long as somebody uses the pool
     */
    public static <T, R> Stream<R> map(
            ProcessPool pool,
            SerializableFunction<? super T, ? extends R> fn,
            Iterable<? extends T> items,
            MapOptions mapOptions,
            TaskOptions taskOptions,
            Object inUse) {
        SharedValue<?> function = new SharedValue<>(new ItemFunction<>(fn));
        function.share(null, pool.encoder());
        TaskOptions options = mapOptions.timeout().map(taskOptions::timeout).orElse(taskOptions);
        Batches<T, R> batches = new Batches<>(pool, function, options, pool.originOf(fn), inUse);
        return MapStream.of(items, mapOptions, pool.dispatcher().target(), batches);
    }

    private void encode(Payload body, long budgetNanos) throws EncodeException {
        body.writeInt(0); // see startAgain
        batches.origin.writeTo(body);
        body.writeByte(timed() ? 1 : 0);
        body.writeVarInt(items.size());
        body.writeLong(budgetNanos);
        encodeWithLength(batches.function, body);
        for (T item : items) {
            encodeWithLength(item, body);
        }
    }

    private void encodeWithLength(@Nullable Object value, Payload body) throws EncodeException {
        int at = body.reserve(Integer.BYTES);
        long before = body.length();
        batches.pool.encoder().encodeValue(value, body);
        body.setInt(at, (int) (body.length() - before));
    }

    @Override
    public String toString() {
        return batches.options.label().orElse("map");
    }

    private boolean timed() {
        return batches.options.timeout().isPresent();
    }

    private String describe(int item) {
        String label =
                batches.options.label().map(name -> " of \"" + name + "\"").orElse("");
        return "item " + item + " of a chunk of map" + label;
    }

    @Override
    protected boolean isAbandoned() {
        return outcome.isDone();
    }

    @Override
    protected boolean hasCallbacks() {
        return outcome.getNumberOfDependents() > 1;
    }

    @Override
    protected boolean decodesObjects() {
        return decodesObjects;
    }

    @Override
    protected boolean reply(byte kind, byte[] buffer, int offset, int length) {
        if (kind == Frames.BATCH_DONE) {
            try {
                nanos = new PayloadReader(buffer, offset, offset + length).readLong();
            } catch (IOException e) {
                nanos = 0; // the figure only steers the size of the chunks to come
            }
            return true;
        }
        if (answered < answers.length) {
            Object simple = kind == Frames.VALUE ? batches.pool.results.simpleValue(buffer, offset, length) : null;
            Reply reply = simple != null ? null : new Reply(kind, Results.own(buffer, offset, length));
            decodesObjects |= reply != null && Results.decodesObjects(kind, reply.body);
            answers[answered++] = reply != null ? reply : simple;
        }
        return false;
    }

    @Override
    protected void complete() {
        batches.pool.completed.increment();
        boolean finished = false;
        ClassLoader before = ContextLoader.enter(batches.origin.loader());
        try {
            finished = finish();
        } finally {
            ContextLoader.leave(before);
            if (!finished) {
                batches.pool.completed.decrement();
            }
        }
    }

    @Override
    protected void lost(Throwable why, long length) {
        Throwable failure =
                length < Results.LARGE ? why : batches.pool.results.tooLarge(describe(answered), length, why);
        batches.pool.failed.increment();
        if (!outcome.completeExceptionally(failure)) {
            batches.pool.failed.decrement();
        }
    }

    /** Completes the future with what has been answered, unless it is done already. */
    private boolean finish() {
        @Nullable Object[] outcomes = answered == answers.length ? answers : Arrays.copyOf(answers, answered);
        for (int i = 0; i < outcomes.length; i++) {
            Object answer = outcomes[i];
            if (answer instanceof Reply reply) {
                int item = i;
                answer = batches.pool.results.outcome(reply.kind, reply.body, () -> describe(item));
            }
            outcomes[i] = answer instanceof Results.Thrown thrown
                    ? new ChunkResult.Failure(thrown.throwable())
                    : answer == Results.NULL ? null : answer;
        }
        return outcome.complete(new ChunkResult<>(outcomes, nanos));
    }

    @Override
    protected long itemsDone() {
        return answered;
    }

    @Override
    protected void startAgain(Payload encoded) {
        encoded.setInt(0, answered);
    }

    @Override
    protected void settled() {
        batches.pool.settled();
    }

    @Override
    protected void crashed(Death death, List<Death> earlier) {
        lose(Crashes.crashed(death, earlier, describe(answered), ranNanos(), ""));
    }

    @Override
    protected void timedOut(Death death, List<Death> earlier) {
        Duration limit = batches.options.timeout().orElse(Duration.ZERO);
        lose(Crashes.timedOut(death, earlier, describe(answered), limit, ""));
    }

    /** One item is lost, unless the worker died just between two; those after it are sent again by the stream. */
    private void lose(Throwable why) {
        boolean between = answered > 0 && startedItems() == answered;
        if (!between && answered < answers.length) {
            answers[answered++] = new ChunkResult.Failure(why);
        }
        batches.pool.failed.increment();
        if (!finish()) {
            batches.pool.failed.decrement();
        }
    }

    @Override
    protected void cancelled() {
        batches.pool.cancelled.increment();
        if (!outcome.completeExceptionally(new CancellationException("the pool was shut down at once"))) {
            batches.pool.cancelled.decrement();
        }
    }

    @Override
    protected void broken(BrokenReason reason) {
        batches.pool.failed.increment();
        if (!outcome.completeExceptionally(new BrokenPoolException(reason.message(), reason.cause()))) {
            batches.pool.failed.decrement();
        }
    }
}
