package dev.procpool.fray;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** A thread of a simulated process: it gets no further when that is killed, wherever it is. */
public final class ChildThread extends Thread {
    /** What the main thread of a child runs. */
    @FunctionalInterface
    public interface Main {
        /** Runs until the child shall end with exit code 0. */
        void run(SimulatedProcess process) throws IOException;
    }

    /** Unwinds the stack of a process that is no more. Whoever catches it meets it again at the next shared word. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;

        Killed() {
            super("the process of this thread has been killed", null, false, false);
        }
    }

    private final SimulatedProcess process;
    private final Main main;
    private @Nullable PrintStream out;
    private @Nullable PrintStream err;

    ChildThread(SimulatedProcess process, Main main) {
        super("child-" + process.pid());
        this.process = process;
        this.main = main;
        setDaemon(true);
    }

    @Override
    public void run() {
        int code = 0;
        try {
            main.run(process);
        } catch (Killed e) {
            code = process.causeOfDeath();
        } catch (IOException e) {
            process.complain(e);
            code = 4;
        }
        process.ended(code);
    }

    /** Where the task that runs on this thread prints. */
    public static PrintStream out() {
        return java.util.Objects.requireNonNull(current().out);
    }

    /** As {@link #out}, for errors. */
    public static PrintStream err() {
        return java.util.Objects.requireNonNull(current().err);
    }

    /** The process that the task on this thread runs in. */
    public static SimulatedProcess process() {
        return current().process;
    }

    private static ChildThread current() {
        return (ChildThread) Thread.currentThread();
    }

    static void checkAlive() {
        if (Thread.currentThread() instanceof ChildThread child && child.process.isDoomed()) {
            throw new Killed();
        }
    }

    /** Instead of {@link System#setIn}: nobody reads it. */
    public static void setIn(InputStream in) {}

    /** Instead of {@link System#setOut}. */
    public static void setOut(PrintStream out) {
        current().out = out;
    }

    /** Instead of {@link System#setErr}. */
    public static void setErr(PrintStream err) {
        current().err = err;
    }

    /** Instead of {@link Runtime#halt}. */
    public static void halt(Runtime runtime, int code) {
        process().doom(code);
        throw new Killed();
    }
}
