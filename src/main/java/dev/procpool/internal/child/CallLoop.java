package dev.procpool.internal.child;

import dev.procpool.Codec;
import dev.procpool.internal.codec.DecodeException;
import dev.procpool.internal.codec.TaskDecoder;
import dev.procpool.internal.codec.TaskEncoder;
import dev.procpool.internal.codec.ThrowableCodec;
import dev.procpool.internal.wire.Backoff;
import dev.procpool.internal.wire.ControlBlock;
import dev.procpool.internal.wire.Frames;
import dev.procpool.internal.wire.Payload;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The child's main thread: claims a call, reads it, runs it, answers, and only then claims the next. So at any moment at
 * most one call has been claimed and not answered: the one that is lost if this JVM dies now.
 */
final class CallLoop {
    /** Spinning that found nothing this many times in a row is not tried again until a call has come in time. */
    private static final int VAIN_SPINS = 8;

    private final ControlBlock block;
    private final CallStream calls;
    private final Outbox outbox;
    private final Bells bells;
    private final Heartbeat heartbeat;
    private final StdioGuard stdio;
    private final ExitNote exit;
    private final HeapWatch heap;
    private final Payload answer = new Payload();
    private final Thread thread = Thread.currentThread();
    private final Thread.@Nullable UncaughtExceptionHandler lastWords = Thread.getDefaultUncaughtExceptionHandler();
    private final ClassLoader loader = CallLoop.class.getClassLoader();
    private final ServedLoaders served;
    private Codec codec = Codec.javaSerialization();
    private TaskDecoder decoder = new TaskDecoder(codec, null);
    private TaskEncoder encoder = new TaskEncoder(codec);
    private int vainSpins;

    CallLoop(
            ControlBlock block,
            Outbox outbox,
            Bells bells,
            Heartbeat heartbeat,
            StdioGuard stdio,
            ExitNote exit,
            HeapWatch heap) {
        this.served = new ServedLoaders(new Inquiry(block.questions(), outbox));
        this.block = block;
        this.calls = new CallStream(block);
        this.outbox = outbox;
        this.bells = bells;
        this.heartbeat = heartbeat;
        this.stdio = stdio;
        this.exit = exit;
        this.heap = heap;
    }

    /** Runs until the parent asks this worker to retire. */
    void run() throws IOException {
        while (claimNext()) {
            block.start(System.nanoTime());
            byte kind = calls.next();
            readDefinitions();
            switch (kind) {
                case Frames.TASK -> runTask();
                case Frames.BATCH -> runBatch();
                case Frames.INIT -> {
                    initialize();
                    heap.forget(); // what it got by with every worker will meet, and must be able to start
                }
                default -> throw new IOException("a call frame of unknown kind " + kind);
            }
            Thread.interrupted(); // what a task leaves behind must not meet the next one
            stdio.restore();
            if (Thread.getDefaultUncaughtExceptionHandler() != lastWords) {
                Thread.setDefaultUncaughtExceptionHandler(lastWords);
            }
            if (thread.getContextClassLoader() != loader) {
                thread.setContextClassLoader(loader);
            }
        }
    }

    private boolean claimNext() {
        while (true) {
            if (heap.wasFull()) { // by the task before, or meanwhile by a thread that it has left behind
                endForLackOfMemory();
            }
            if (block.tryClaim()) {
                return true;
            }
            if (block.isRetiring()) {
                return false;
            }
            if (!spin()) {
                sleep();
            }
        }
    }

    /**
     * Looks for the next call for a little while: waking a sleeping process costs far more than a task. Only after it
     * has paid lately, and for as long as the parent allows.
     */
    @SuppressWarnings("ThreadPriorityCheck") // yielding is only a hint here, nothing depends on it
    private boolean spin() {
        long budget = block.spin();
        if (budget == 0 || vainSpins >= VAIN_SPINS) {
            return false;
        }
        long start = System.nanoTime();
        long spun = 0;
        do {
            for (int i = 0; i < 32; i++) {
                if (block.isClaimable()) {
                    vainSpins = 0;
                    return true;
                }
                Thread.onSpinWait();
            }
            if (spun > Backoff.SOLITARY_NANOS) {
                Thread.yield(); // the parent may be waiting for the very core that we spin on
            }
            spun = System.nanoTime() - start;
        } while (spun < budget);
        vainSpins++;
        return false;
    }

    private void sleep() {
        long asleepSince = System.nanoTime();
        block.childSleeps(true);
        if (!block.isClaimable() && !block.isRetiring()) {
            bells.await();
        }
        block.childSleeps(false);
        heartbeat.quicken();
        if (exit.hasBegun()) {
            block.claimNoMore(); // a thread that a task left behind has asked for it
        }
        if (System.nanoTime() - asleepSince < 2 * block.spin()) {
            vainSpins = 0; // a little more patience would have saved this sleep
        }
    }

    private void readDefinitions() throws IOException {
        int count = calls.readVarInt();
        if (count > 0) {
            served.lookAgain();
        }
        for (int left = count; left > 0; left--) {
            int id = calls.readVarInt();
            int length = calls.readInt();
            if (length < 0) {
                decoder.forget(id);
                served.forget(id);
            } else {
                decoder.define(id, calls, length);
            }
        }
    }

    /** The classes of a call, and of what its task does, come from the loader that the parent has them from. */
    private void readLoader() throws IOException {
        int origin = calls.readVarInt();
        if (origin >> 1 != 0) {
            thread.setContextClassLoader(served.get(origin >> 1, (origin & 1) == 1));
        }
    }

    /** The first call: says how values are coded, and prepares this worker for its tasks. */
    private void initialize() throws IOException {
        readLoader();
        try {
            if (calls.readByte() == 1) { // else the default: rebuilding that would only cost start-up time
                codec = (Codec) Objects.requireNonNull(decoder.decodeValue(calls));
                decoder = new TaskDecoder(codec, null);
                encoder = new TaskEncoder(codec);
            }
            boolean hasInitializer = calls.readByte() == 1;
            Object initializer = hasInitializer ? decoder.decodeTask(calls) : null;
            calls.finish();
            if (initializer != null) {
                call(initializer);
            }
        } catch (DecodeException e) {
            calls.finish();
            answerThrowable(Frames.DECODE_FAILED, e);
            return;
        } catch (Throwable e) {
            answerThrowable(Frames.THROWN, e);
            return;
        }
        answerValue(null);
    }

    private void runTask() throws IOException {
        readLoader();
        Object task;
        try {
            task = decoder.decodeTask(calls);
        } catch (Throwable e) { // a DecodeException, or what even describing that has brought about
            calls.finish();
            answerThrowable(Frames.DECODE_FAILED, e);
            return;
        }
        calls.finish();
        block.start(
                System.nanoTime()); // the deadline is the task's own: rebuilding it, and loading its classes, had one
        Object value;
        try {
            value = call(task);
        } catch (Throwable e) {
            answerThrowable(Frames.THROWN, e);
            return;
        }
        answerValue(value);
    }

    private static @Nullable Object call(Object task) throws Exception {
        if (task instanceof Callable<?> callable) {
            return callable.call();
        }
        ((Runnable) task).run();
        return null;
    }

    /** Answers each item on its own, so that items that are done stay done when a later one takes this JVM with it. */
    @SuppressWarnings("unchecked")
    private void runBatch() throws IOException {
        long begin = System.nanoTime();
        int done = calls.readInt();
        readLoader();
        boolean timed = calls.readByte() == 1;
        int count = calls.readVarInt();
        long budget = calls.readLong();
        Function<@Nullable Object, @Nullable Object> function = null;
        Throwable noFunction = null;
        long afterFunction = calls.readInt();
        afterFunction = calls.remaining() - afterFunction;
        try {
            Object shared = decoder.decodeValue(calls);
            function = ((Supplier<Function<@Nullable Object, @Nullable Object>>) Objects.requireNonNull(shared)).get();
        } catch (Throwable e) {
            noFunction = e;
            calls.skip(calls.remaining() - afterFunction);
        }
        for (int i = 0; i < done; i++) {
            calls.skip(calls.readInt()); // by a worker that died at the item after these
        }
        for (int i = done; i < count; i++) {
            long now = timed || budget != Long.MAX_VALUE ? System.nanoTime() : 0;
            if (i > done && budget != Long.MAX_VALUE && now - begin > budget) {
                break; // items have become slow, other workers may be idle: the parent sends the rest again
            }
            if (i > done && heap.wasFull()) {
                break; // the rest is for a worker that one can trust
            }
            if (timed) {
                block.start(now);
            }
            block.item(i + 1);
            int length = calls.readInt();
            long after = calls.remaining() - length;
            if (function == null) {
                calls.skip(length);
                answerThrowable(Frames.DECODE_FAILED, Objects.requireNonNull(noFunction), false);
                continue;
            }
            Object item;
            try {
                item = decoder.decodeValue(calls);
            } catch (Throwable e) {
                calls.skip(calls.remaining() - after);
                answerThrowable(Frames.DECODE_FAILED, e, false);
                continue;
            }
            Object value;
            try {
                value = function.apply(item);
            } catch (Throwable e) {
                answerThrowable(Frames.THROWN, e, false);
                continue;
            }
            answerValue(value, false);
        }
        calls.finish();
        answer.reset();
        answer.writeLong(System.nanoTime() - begin);
        endOfCall();
        outbox.write(Frames.BATCH_DONE, answer, true);
    }

    private void answerValue(@Nullable Object value) throws IOException {
        answerValue(value, true);
    }

    private void answerValue(@Nullable Object value, boolean last) throws IOException {
        answer.reset();
        byte kind = Frames.VALUE;
        if (value instanceof byte[] bytes && bytes.length >= Payload.BY_REFERENCE) {
            kind = Frames.BYTES;
            answer.writeArray(bytes);
        } else {
            try {
                encoder.encodeValue(value, answer);
            } catch (Throwable e) { // an EncodeException, or what even describing that has brought about
                answerThrowable(Frames.ENCODE_FAILED, e, last);
                return;
            }
        }
        if (answer.length() > Frames.MAX_LENGTH) {
            answerThrowable(
                    Frames.ENCODE_FAILED,
                    new IOException("the result has " + answer.length() + " bytes, the limit is " + Frames.MAX_LENGTH),
                    last);
            return;
        }
        if (last) {
            endOfCall();
        }
        outbox.write(kind, answer, last);
    }

    private void answerThrowable(byte kind, Throwable thrown) throws IOException {
        answerThrowable(kind, thrown, true);
    }

    private void answerThrowable(byte kind, Throwable thrown, boolean last) throws IOException {
        answer.reset();
        boolean outOfMemory = HeapWatch.isLackOfMemory(thrown);
        if (outOfMemory) {
            block.ending(ControlBlock.ENDING_OUT_OF_MEMORY);
        }
        ThrowableCodec.encode(thrown, answer, codec);
        if (last) {
            endOfCall();
        }
        outbox.write(kind, answer, last || outOfMemory);
        if (outOfMemory) {
            endForLackOfMemory();
        }
    }

    /** Other threads and static state may have met the same error: nobody can trust this JVM any more. */
    private void endForLackOfMemory() {
        block.ending(ControlBlock.ENDING_OUT_OF_MEMORY);
        Runtime.getRuntime().halt(ChildMain.EXIT_OUT_OF_MEMORY);
    }

    /** Before the answer is visible: the parent must not take this call's start for that of the next. */
    private void endOfCall() {
        block.start(0);
        block.item(0);
    }
}
