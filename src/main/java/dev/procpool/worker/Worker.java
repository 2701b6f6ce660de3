package dev.procpool.worker;

import dev.procpool.wire.Backoff;
import dev.procpool.wire.ControlBlock;
import dev.procpool.wire.Frames;
import dev.procpool.wire.Payload;
import dev.procpool.wire.ProcessTree;
import dev.procpool.wire.Ring;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The parent's handle on one child JVM: its process, its control block and what reads them.
 *
 * <p>Replies are read under the {@link #consumer} lock by whoever has time: normally the reader thread, woken by a bell;
 * or a thread that waits for a result of this worker and looks for itself ({@link #help}), which saves two wake-ups. The
 * one who holds the lock looks at the ring once more after letting go, so a bell that finds it taken can be forgotten.
 *
 * <p>Everything that writes to the call ring is done by the dispatcher under its own lock, except the body of a long
 * frame ({@link #stream}).
 */
public final class Worker {
    /** What a worker tells its dispatcher. */
    public interface Listener {
        /** The process exists; called before anything else, and once more. */
        void started(Worker worker);

        /** A whole frame; called under the consumer lock, so it must be short and run no foreign code. */
        void frame(byte kind, byte[] buffer, int offset, int length);

        /**
         * All frames that were there have been taken out; called under the consumer lock.
         *
         * @return what is to be done now outside of all locks, on the same thread; null for nothing
         */
        @Nullable Answers framesTaken();

        /** Something was printed; called by the pump, or under the consumer lock. */
        void printed(Runnable step);

        /** The process has ended and all its frames were taken out; called once, outside of all locks. */
        void ended(Death death);
    }

    /** Answers that were taken out and have yet to reach their futures. */
    public interface Answers {
        /** Completes the futures; called once, outside of all locks. */
        void deliver();
    }

    /** How long the rest of stderr is waited for after the end: a grandchild may hold the pipe open for ever. */
    private static final long STDERR_GRACE_MILLIS = 200;
    /** How long a child may live on after its pipe was closed. */
    private static final long EXIT_GRACE_MILLIS = 2000;

    private final int id;
    private final String name;
    private final WorkerSpec spec;
    private final ControlBlockFile memory;
    private final ControlBlock block;
    private final Process process;
    private final String mark;
    private final Listener listener;
    private final StderrTail stderr = new StderrTail();
    private final CountDownLatch stderrEnded = new CountDownLatch(1);
    private final long startedAt = System.nanoTime();
    private final ReplyReader replies;

    /** Guards the reply ring's reading side and {@link #ended}. */
    private final ReentrantLock consumer = new ReentrantLock();

    private volatile boolean ended;
    /** What tasks print, made into lines; under the consumer lock. */
    private final LineAssembler outLines;

    private final LineAssembler errLines;
    private boolean unfinishedLine;
    private final Backlog backlog = new Backlog(this::drain);
    private final AtomicBoolean exitSeen = new AtomicBoolean();
    /** The process itself, and each delivery of answers under way: when all of them are over its end is reported. */
    private final AtomicInteger underWay = new AtomicInteger(1);

    private volatile @Nullable Death death;
    private volatile Death.@Nullable Cause killedFor;
    private volatile @Nullable String killDetail;

    private Worker(
            int id,
            String name,
            WorkerSpec spec,
            ControlBlockFile memory,
            Process process,
            String mark,
            Listener listener) {
        this.id = id;
        this.name = name;
        this.spec = spec;
        this.memory = memory;
        this.block = memory.block();
        this.process = process;
        this.mark = mark;
        this.listener = listener;
        this.replies = new ReplyReader(block);
        this.outLines = new LineAssembler(line -> emit(false, line));
        this.errLines = new LineAssembler(line -> {
            stderr.add(line);
            emit(true, line);
        });
    }

    /** Starts a child. The control block must hold its first call already; the threads come from {@code threads}. */
    static Worker start(
            int id, WorkerSpec spec, Starter starter, ControlBlockFile memory, Executor threads, Listener listener)
            throws IOException {
        String name = spec.poolName() + "-worker-" + id;
        memory.block().parentSleeps(true); // before there is a child that might answer without ringing
        try {
            Process process = starter.start(id, memory);
            Worker worker = new Worker(id, name, spec, memory, process, starter.markOf(id), listener);
            threads.execute(() -> named(name + "-stderr", worker::pumpStderr));
            threads.execute(() -> {
                listener.started(worker); // it may read the first answer before the caller gets to the same below
                named(name + "-reader", worker::readBells);
            });
            listener.started(worker);
            return worker;
        } catch (OutOfMemoryError e) { // the system has no thread left, perhaps only after it has made the process
            ProcessTree.killMarked(starter.markOf(id));
            throw e;
        }
    }

    private static void named(String name, Runnable role) {
        Thread thread = Thread.currentThread();
        String before = thread.getName();
        thread.setName(name);
        try {
            role.run();
        } finally {
            thread.setName(before);
        }
    }

    /** Its number in the pool. */
    public int id() {
        return id;
    }

    /** The pool's name and its number, as it appears in threads, lines and messages. */
    public String name() {
        return name;
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** What it shares with the child. */
    public ControlBlock block() {
        return block;
    }

    ControlBlockFile memory() {
        return memory;
    }

    /** How long it has existed. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    /** Whether the process still runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    // ---- towards the child ----------------------------------------------------------------------------------------

    /** Rings the bell on which the child sleeps; only after {@link ControlBlock#wakeChild} has asked for it. */
    public void ring() {
        try {
            process.getOutputStream().write(Frames.BELL);
            process.getOutputStream().flush();
        } catch (IOException e) {
            return; // the child is gone; the system reports its end, here there is nobody left to wake
        }
    }

    /**
     * Writes the body of a long frame as the child makes room for it.
     *
     * @param position where the body begins
     * @return whether all of it was written: not if the worker is being killed, or {@code aborted} says so
     */
    public boolean stream(Payload body, long position, BooleanSupplier aborted) {
        Ring ring = block.calls();
        Backoff backoff = new Backoff();
        long[] at = {position};
        boolean[] complete = {true};
        try {
            body.writeTo((bytes, offset, length) -> {
                for (int done = 0; done < length; ) {
                    if (!complete[0]) {
                        return;
                    }
                    int free = ring.capacity() - (int) (at[0] - block.callsRead());
                    int some = Math.min(Math.min(free, STREAMED_AT_ONCE), length - done);
                    if (some <= 0) { // less than none: the child has gone mad, and will be killed for it
                        complete[0] = killedFor == null && process.isAlive() && !aborted.getAsBoolean();
                        backoff.pause();
                        continue;
                    }
                    backoff.reset();
                    ring.put(at[0], bytes, offset + done, some);
                    at[0] += some;
                    done += some;
                    block.callsTail(at[0]);
                }
            });
        } catch (IOException e) {
            throw new IllegalStateException("the sink above throws no such exception", e);
        }
        return complete[0];
    }

    /** Pieces of this size stay in the cache until the child has copied them out. */
    private static final int STREAMED_AT_ONCE = 128 * 1024;

    // ---- from the child -------------------------------------------------------------------------------------------

    private void readBells() {
        byte[] bells = new byte[256];
        InputStream pipe = process.getInputStream();
        try {
            int count;
            while ((count = pipe.read(bells)) > 0) {
                for (int i = 0; i < count; i++) {
                    if (bells[i] != Frames.BELL && killedFor == null) {
                        kill(Death.Cause.PROTOCOL, "it wrote on the pipe: " + quote(bells, count));
                    }
                }
                drain();
            }
        } catch (IOException e) {
            stderr.add("[the pipe of " + name + " broke: " + e.getMessage() + "]");
        }
        awaitExit();
    }

    /** After the end of the pipe: the process has ended, or is about to, or has closed its end by mistake. */
    private void awaitExit() {
        try {
            if (!process.waitFor(EXIT_GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
                kill(Death.Cause.PROTOCOL, "it closed its pipe");
                process.waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        checkExit();
    }

    /**
     * Reports the end if the process has ended. Normally the end of the pipe leads here; called from time to time in case
     * that somebody else holds the pipe open.
     */
    public void checkExit() {
        if (!process.isAlive() && exitSeen.compareAndSet(false, true)) {
            afterExit();
        }
    }

    private static String quote(byte[] bytes, int count) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < count; i++) {
            char c = (char) (bytes[i] & 0xFF);
            text.append(c >= ' ' && c < 127 ? String.valueOf(c) : String.format("\\x%02x", (int) c));
        }
        return text.append('"').toString();
    }

    /** Takes out all frames that are there, unless somebody else is at it, or too many lines have not been handed out. */
    private void drain() {
        while (!backlog.holdsUp() && consumer.tryLock()) {
            Answers answers;
            try {
                if (ended) {
                    return;
                }
                answers = takeFrames(backlog::isFull);
                block.parentSleeps(true);
            } finally {
                consumer.unlock();
            }
            deliver(answers);
            if (!replies.isAnythingThere()) {
                return;
            }
        }
    }

    /** Under the consumer lock. */
    private @Nullable Answers takeFrames(BooleanSupplier enough) {
        try {
            replies.takeFrames(listener, enough);
        } catch (IOException | RuntimeException | Error e) { // a reader has to survive anything, its heap's end too
            kill(Death.Cause.PROTOCOL, e instanceof IOException ? e.getMessage() : e.toString());
            ended = true;
        }
        Answers answers = listener.framesTaken();
        if (answers != null) {
            underWay.incrementAndGet();
        }
        return answers;
    }

    /** Outside of all locks. */
    private void deliver(@Nullable Answers answers) {
        if (answers != null) {
            try {
                answers.deliver();
            } finally {
                endOfDelivery();
            }
        }
    }

    private void endOfDelivery() {
        if (underWay.decrementAndGet() == 0) {
            listener.ended(Objects.requireNonNull(death));
        }
    }

    /**
     * Looks for replies on the caller's thread, for as long as that seems worth it.
     *
     * @param done whether the caller has what it waits for
     * @param nanos how long to look without seeing any reply
     */
    public void help(BooleanSupplier done, long nanos) {
        while (!done.getAsBoolean() && !backlog.holdsUp() && consumer.tryLock()) {
            Answers answers = null;
            try {
                if (ended) {
                    return;
                }
                block.parentSleeps(false);
                if (replies.spin(done, nanos)) {
                    answers = takeFrames(backlog::isFull);
                }
                block.parentSleeps(true);
            } finally {
                consumer.unlock();
            }
            deliver(answers);
            if (answers == null && !replies.isAnythingThere()) {
                return;
            }
        }
        lookOnceMore();
    }

    /**
     * Whoever stops looking announces the sleep first and then looks once more, on every way out: a reply that was
     * published between the last look and the announcement rang no bell.
     */
    private void lookOnceMore() {
        if (replies.isAnythingThere()) {
            drain();
        }
    }

    /** Whether the reading waits until somebody has taken the lines that were printed. */
    public boolean isHeldUp() {
        return backlog.isFull();
    }

    /**
     * The safety net, for the monitor: takes out replies that nobody reads. Does nothing while somebody reads, or while
     * lines that nobody takes hold up the reading.
     */
    public void takeUnread() {
        drain();
    }

    private void pumpStderr() {
        byte[] buffer = new byte[8192];
        InputStream pipe = process.getErrorStream();
        LineAssembler lines = new LineAssembler(line -> {
            stderr.add(line);
            emit(true, line);
        });
        try {
            int count;
            while ((count = pipe.read(buffer)) >= 0) {
                lines.add(buffer, 0, count);
                backlog.awaitRoom();
            }
        } catch (IOException e) {
            stderr.add("[stderr of " + name + " could not be read: " + e.getMessage() + "]");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lines.flush();
            stderrEnded.countDown();
        }
    }

    /** Takes bytes that a task has printed; under the consumer lock. */
    public void printed(boolean error, byte[] buffer, int offset, int length) {
        unfinishedLine = true;
        (error ? errLines : outLines).add(buffer, offset, length);
    }

    private void emit(boolean error, String line) {
        backlog.add(line);
        listener.printed(() -> {
            try {
                spec.output().line(name, error, line);
            } finally {
                backlog.remove(line);
            }
        });
    }

    /** A task has ended: what it printed last is a line even without a line end; under the consumer lock. */
    public void endOfTask() {
        if (unfinishedLine) {
            unfinishedLine = false;
            outLines.flush();
            errLines.flush();
        }
    }

    // ---- the end --------------------------------------------------------------------------------------------------

    /** Kills the child and its descendants, at once; the first cause stays. */
    public void kill(Death.Cause cause, @Nullable String detail) {
        synchronized (this) {
            if (killedFor == null) {
                killDetail = detail;
                killedFor = cause;
            }
        }
        ProcessTree.kill(process.toHandle());
    }

    /** Asks the child's JVM to end by SIGTERM; to be followed by {@link #kill}. */
    public void terminate() {
        process.destroy();
    }

    private void afterExit() {
        int exitCode = process.exitValue();
        backlog.lift();
        ProcessTree.killMarked(mark);
        awaitStderr();
        Answers answers = null;
        consumer.lock();
        try {
            if (!ended) {
                answers = takeFrames(() -> false);
                ended = true; // from here on nobody touches the control block: it is used again
            }
            endOfTask();
        } finally {
            consumer.unlock();
        }
        death = diagnose(exitCode);
        deliver(answers);
        endOfDelivery();
    }

    private void awaitStderr() {
        try {
            if (!stderrEnded.await(STDERR_GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
                stderr.add("[somebody else holds the stderr of " + name + " open; what follows is not shown]");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Death diagnose(int exitCode) {
        Death.Cause ours = killedFor;
        int ending = block.ending();
        String signal = stderr.crashSignal(); // the JVM that reports it then ends by another signal, or an exit code
        if (signal == null && ending != ControlBlock.ENDING_EXIT) {
            signal = Signals.ofExitCode(exitCode);
        }
        Death.Cause cause;
        if (ours != null) {
            cause = ours;
        } else if (ending == ControlBlock.ENDING_OUT_OF_MEMORY
                || (signal == null && ending != ControlBlock.ENDING_EXIT && stderr.speaksOfMemory())) {
            cause = Death.Cause.OUT_OF_MEMORY;
        } else if (ending == ControlBlock.ENDING_PROTOCOL) {
            cause = Death.Cause.PROTOCOL;
        } else if (signal != null) {
            cause = Death.Cause.SIGNAL;
        } else if (block.isRetiring() && exitCode == 0) {
            cause = Death.Cause.RETIRED;
        } else {
            cause = Death.Cause.EXIT;
        }
        return new Death(
                name, pid(), exitCode, signal, cause, stderr.toString(), stderr.errorFile(), killDetail, age());
    }
}
