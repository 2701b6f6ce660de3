package dev.procpool;

import java.io.IOException;
import java.io.Serializable;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;

/** Tasks for the contract: static, so that nothing of a test is captured. */
final class Tasks {
    private Tasks() {}

    static int answer() {
        return 42;
    }

    static void nothing() {}

    static int square(int n) {
        return n * n;
    }

    static int refuseMultiplesOfFive(int n) throws IOException {
        if (n % 10 == 5) {
            throw new IllegalStateException("item " + n);
        }
        if (n % 10 == 0) {
            throw new IOException("item " + n);
        }
        return n;
    }

    static int throwIllegalState() {
        throw new IllegalStateException("on purpose");
    }

    static int throwChecked() throws IOException {
        throw new IOException("on purpose", new IllegalArgumentException("the cause"));
    }

    static int throwError() {
        throw new AssertionError("on purpose");
    }

    @SuppressWarnings("InfiniteRecursion") // on purpose
    static int overflowTheStack(int depth) {
        return overflowTheStack(depth + 1) + 1;
    }

    static int throwCancellation() {
        throw new CancellationException("on purpose");
    }

    static int throwCompletion() {
        throw new CompletionException(new IOException("inside"));
    }

    /** A task that is no lambda. */
    record Named(String name) implements Callable<String>, Serializable {
        @Override
        public String call() {
            return "hello " + name;
        }
    }

    /** An action that is no lambda. */
    record Raise(Signal signal) implements Runnable, Serializable {
        @Override
        public void run() {
            signal.raise();
        }
    }

    /** An action that fails. */
    record Fail(String message) implements Runnable, Serializable {
        @Override
        public void run() {
            throw new IllegalStateException(message);
        }
    }
}
