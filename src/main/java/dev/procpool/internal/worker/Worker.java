package dev.procpool.internal.worker;

import dev.procpool.internal.launch.ControlBlockFile;
import dev.procpool.internal.launch.Starter;
import dev.procpool.internal.launch.WorkerSpec;
import dev.procpool.internal.os.FullHeap;
import dev.procpool.internal.os.ProcessTree;
import dev.procpool.internal.wire.Backoff;
import dev.procpool.internal.wire.ControlBlock;
import dev.procpool.internal.wire.Frames;
import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.Ring;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The parent's handle on one child JVM: its process, its control block and what reads them. Replies are read by
 * {@link ReplyInbox}.
 *
 * <p>Everything that writes to the call ring is done by the dispatcher under its own lock, except the body of a long
 * frame ({@link #stream}).
 */
public final class Worker {
    /** What a worker tells its dispatcher. */
    public interface Listener extends FrameSink {
        /** The process exists; called before anything else, and once more. */
        void started(Worker worker);

        /**
         * All frames that were there have been taken out; called under the consumer lock.
         *
         * @return what to give to {@link #deliver}; negative if there were no answers
         */
        int framesTaken();

        /** Completes the futures of the answers; called outside of all locks by the thread that took the frames. */
        void deliver(int turn);

        /** Something was printed; called by the pump, or under the consumer lock. */
        void printed(Line line);

        /** A line was dropped; called by any thread. */
        void lineDropped();

        /** The child says that it is about to end by itself; outside of all locks, perhaps several times. */
        default void exiting() {}

        /** The process has ended and all its frames were taken out; called once, outside of all locks. */
        void ended(Death death);
    }

    /** A line that was printed, on its way to its consumer. */
    public interface Line {
        /** Gives it to its consumer, which is foreign code. */
        void handOut();

        /** Its consumer is stuck, and there is no room to keep it. */
        void drop();

        /** About how much memory it takes, in characters. */
        int size();
    }

    /** How long the rest of stderr is waited for after the end: a grandchild may hold the pipe open for ever. */
    private static final long STDERR_GRACE_MILLIS = 200;

    /** To ask the system costs some reading in {@code /proc}, and deadlines may have us look every two milliseconds. */
    private static final long ASK_EVERY_NANOS = 100_000_000;
    /** How long Java may take to learn what the system knows: that a process has ended. */
    private static final long EXIT_CODE_GRACE_MILLIS = 500;
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
    private final Executor threads;
    private final Backlog backlog = new Backlog(() -> inbox().drain());
    private final ReplyInbox inbox;
    private final ClassServer classes;
    /** The number of the thread that reads bells; one whose number is no longer this leaves. */
    private volatile int reader;
    /** What tasks print, made into lines; under the consumer lock. */
    private final LineAssembler outLines;

    private final LineAssembler errLines;
    private boolean unfinishedLine;
    /** Lines dropped since the last one was handed out. */
    private final AtomicInteger dropped = new AtomicInteger();

    private final AtomicBoolean exitSeen = new AtomicBoolean();
    /** Made now: a lambda that Java has to link while the heap is full can't be used any more. */
    private final Runnable afterExit = this::afterExit;

    /** When the system was asked last whether the process still runs. */
    private volatile long askedAt = System.nanoTime();

    private volatile boolean endedUnnoticed;

    private volatile Death.@Nullable Cause killedFor;
    private volatile @Nullable String killDetail;

    private Worker(
            int id,
            String name,
            WorkerSpec spec,
            ControlBlockFile memory,
            Process process,
            String mark,
            Executor threads,
            Listener listener) {
        this.id = id;
        this.name = name;
        this.spec = spec;
        this.memory = memory;
        this.block = memory.block();
        this.process = process;
        this.mark = mark;
        this.listener = listener;
        this.threads = threads;
        this.inbox = new ReplyInbox(block, listener, backlog, why -> kill(Death.Cause.PROTOCOL, why));
        this.classes = new ClassServer(
                block.questions(),
                spec.served(),
                threads,
                why -> kill(Death.Cause.PROTOCOL, why),
                () -> killedFor != null || !process.isAlive());
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
            Worker worker = new Worker(id, name, spec, memory, process, starter.markOf(id), threads, listener);
            worker.execute("-stderr", worker::pumpStderr);
            worker.execute("-reader", () -> {
                listener.started(worker); // it may read the first answer before the caller gets to the same below
                worker.readBells(0);
            });
            listener.started(worker);
            return worker;
        } catch (RuntimeException | Error e) { // no thread or no heap left, perhaps only after the process was made
            FullHeap.outlast(() -> ProcessTree.killMarked(starter.markOf(id)));
            throw e;
        }
    }

    /** Gives a thread a role, which it takes up again if this JVM's heap was full. */
    private void execute(String suffix, Runnable role) {
        threads.execute(() -> FullHeap.outlast(() -> named(name + suffix, role)));
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

    private ReplyInbox inbox() {
        return inbox;
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
        return process.isAlive() && !hasEndedUnnoticed();
    }

    /**
     * If this JVM's heap is full when a process ends, Java's own thread that waits for it dies, and its {@link Process}
     * never learns of the end. So the system is asked as well, from time to time.
     */
    private boolean hasEndedUnnoticed() {
        long now = System.nanoTime();
        if (!endedUnnoticed && now - askedAt > ASK_EVERY_NANOS) {
            askedAt = now;
            endedUnnoticed = !process.toHandle().isAlive() || ProcessTree.isZombie(pid());
        }
        return endedUnnoticed;
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

    private void readBells(int number) {
        byte[] bells = new byte[256];
        InputStream pipe = process.getInputStream();
        try {
            int count;
            inbox.drain();
            while (number == reader && (count = pipe.read(bells)) > 0) {
                answerBells(bells, count);
            }
        } catch (IOException e) {
            stderr.add("[the pipe of " + name + " broke: " + e.getMessage() + "]");
        }
        if (number == reader) {
            awaitExit();
        }
    }

    private void answerBells(byte[] bells, int count) {
        checkBells(bells, count);
        classes.look(); // before this thread may be kept by what is read next
        inbox.drain();
        if (block.ending() != ControlBlock.ENDING_UNKNOWN) {
            listener.exiting();
        }
    }

    private void checkBells(byte[] bells, int count) {
        for (int i = 0; i < count; i++) {
            if (bells[i] != Frames.BELL && killedFor == null) {
                kill(Death.Cause.PROTOCOL, "it wrote on the pipe: " + quote(bells, count));
            }
        }
    }

    /** After the end of the pipe: the process has ended, or is about to, or has closed its end by mistake. */
    private void awaitExit() {
        try {
            if (!process.waitFor(EXIT_GRACE_MILLIS, TimeUnit.MILLISECONDS) && isAlive()) {
                kill(Death.Cause.PROTOCOL, "it closed its pipe");
                process.waitFor(EXIT_GRACE_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        checkExit(); // if it still isn't over, the monitor comes back to it
    }

    /**
     * Reports the end if the process has ended. Normally the end of the pipe leads here; called from time to time in case
     * that somebody else holds the pipe open.
     */
    public void checkExit() {
        if (!isAlive() && exitSeen.compareAndSet(false, true)) {
            FullHeap.outlast(afterExit);
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

    /** Looks for replies on the caller's thread; see {@link ReplyInbox#help}. */
    public void help(BooleanSupplier done, long nanos) {
        inbox.help(done, nanos);
    }

    /** If replies lie there, has another thread read them: the caller is about to do something that may take long. */
    public void handOver() {
        if (inbox.isAnythingThere()) {
            threads.execute(inbox::drain);
        }
    }

    /** A thread that reads replies is kept from it, perhaps the reader thread itself: another one takes its place. */
    public void readOn() {
        int number;
        synchronized (this) {
            number = reader + 1;
            reader = number;
        }
        try {
            execute("-reader", () -> readBells(number));
        } catch (OutOfMemoryError e) { // the one before goes on some time, and the monitor reads meanwhile
            reader = number - 1;
        }
    }

    /** Whether the reading waits until somebody has taken the lines that were printed, or for room in the heap. */
    public boolean isHeldUp() {
        return backlog.isFull() || inbox.isStarved();
    }

    /**
     * The safety net, for the monitor: takes out replies that nobody reads. Does nothing while somebody reads, or while
     * lines that nobody takes hold up the reading.
     */
    public void takeUnread() {
        inbox.drain();
    }

    /** Whether it has asked for a class, and there was no thread to answer. */
    public boolean isAsking() {
        return classes.isAsked();
    }

    /** The safety net, for the monitor: has a question answered that nobody has taken up. */
    public void answerQuestion() {
        classes.look();
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
        listener.printed(new Line() {
            @Override
            public void handOut() {
                try {
                    reportDropped();
                    spec.output().line(name, error, line);
                } finally {
                    backlog.remove(line);
                }
            }

            @Override
            public void drop() {
                dropped.incrementAndGet();
                listener.lineDropped();
                backlog.remove(line);
            }

            @Override
            public int size() {
                return line.length();
            }
        });
    }

    private void reportDropped() {
        int count = dropped.getAndSet(0);
        if (count > 0) {
            spec.output().line(name, true, "[" + count + " lines were dropped here: nobody took them]");
        }
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
        int exitCode = exitCode();
        backlog.lift();
        classes.close();
        ProcessTree.killMarked(mark);
        awaitStderr();
        inbox.close();
        endOfTask();
        listener.ended(diagnose(exitCode));
    }

    /** Java may learn of the end a little later than the system, or never. */
    private int exitCode() {
        try {
            if (process.waitFor(EXIT_CODE_GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Death.UNKNOWN_EXIT_CODE;
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
        if (ours == Death.Cause.SIGNAL) { // it was asked to end by that signal, and took too long
            signal = Signals.nameOf(ending - ControlBlock.ENDING_SIGNAL);
        } else if (signal == null && ending != ControlBlock.ENDING_EXIT) {
            signal = Signals.ofExitCode(exitCode);
        }
        Death.Cause cause;
        if (ours != null) {
            cause = ours;
        } else if (ending == ControlBlock.ENDING_OUT_OF_MEMORY
                || (ending == ControlBlock.ENDING_UNKNOWN && stderr.endedForMemory())
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
