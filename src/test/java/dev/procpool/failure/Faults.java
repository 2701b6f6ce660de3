package dev.procpool.failure;

import static org.assertj.core.api.Assertions.catchThrowable;

import dev.procpool.Limits;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.Signal;
import dev.procpool.WorkerOutput;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** What tasks of these tests do to their worker, and what the tests themselves have in common. */
final class Faults {
    /** How many times more than by default a test looks for a rare order of events. */
    private static final int REPEAT = Integer.getInteger("procpool.repeat", 1);

    private Faults() {}

    static int repeated(int times) {
        return Math.multiplyExact(times, REPEAT);
    }

    /** A bound that holds on a machine with nothing else to do; without that promise, five times as much. */
    static Duration bound(Duration quiet) {
        return System.getProperty("procpool.repeat") != null ? quiet : quiet.multipliedBy(5);
    }

    static ProcessPoolExecutor pool(int workers) {
        return quiet(workers).build();
    }

    static ProcessPoolExecutor.Builder quiet(int workers) {
        return ProcessPoolExecutor.builder()
                .workers(workers)
                .heapSize(64 << 20)
                .output(WorkerOutput.discard())
                .heartbeatTimeout(Duration.ofSeconds(30));
    }

    /** What a future fails with, in bounded time. */
    static <X extends Throwable> X failure(Future<?> future, Class<X> type) {
        Throwable thrown = catchThrowable(() -> future.get(Limits.LONG.toSeconds(), TimeUnit.SECONDS));
        if (thrown instanceof ExecutionException && type.isInstance(thrown.getCause())) {
            return type.cast(thrown.getCause());
        }
        if (type.isInstance(thrown)) {
            return type.cast(thrown);
        }
        throw new AssertionError("expected a " + type.getSimpleName() + " of " + future, thrown);
    }

    static <T> T value(Future<T> future) {
        try {
            return future.get(Limits.LONG.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("expected a value of " + future, e);
        }
    }

    /** Every worker of the pool can still do something. */
    static void expectFullStrength(ProcessPoolExecutor pool, Signal together) {
        int workers = pool.parallelism();
        List<Future<Integer>> all = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            all.add(pool.submit(() -> meet(together, workers)));
        }
        for (Future<Integer> one : all) {
            value(one);
        }
    }

    private static int meet(Signal together, int workers) throws InterruptedException {
        together.raise();
        while (together.count() < workers) {
            Thread.sleep(1);
        }
        return workers;
    }

    static void awaitGone(long pid) {
        Awaitility.await("end of process " + pid)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .atMost(Limits.LONG)
                .until(() -> !isAlive(pid));
    }

    /** Stops a process, and waits until all its threads have noticed. */
    static void freeze(long pid) {
        run("kill", "-STOP", Long.toString(pid));
        Awaitility.await("stop of process " + pid).atMost(Limits.LONG).until(() -> {
            try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
                return threads.allMatch(Faults::isStopped);
            }
        });
    }

    private static boolean isStopped(Path thread) {
        try {
            return Files.readString(thread.resolve("status")).contains("State:\tT");
        } catch (IOException e) {
            return true; // it has ended
        }
    }

    static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    // ---- tasks ------------------------------------------------------------------------------------------------------

    static int halt(int code) {
        Runtime.getRuntime().halt(code);
        return code;
    }

    static void haltAfter(Duration delay) {
        sleep(delay);
        halt(6);
    }

    /** What a task does that takes its time. */
    static void sleep(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static int exit(int code) {
        System.exit(code);
        return code;
    }

    static int signalItself(String signal) {
        run("kill", "-" + signal, Long.toString(ProcessHandle.current().pid()));
        sleepForEver();
        return 0;
    }

    static void run(String... command) {
        try {
            new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static int await(Signal signal) {
        try {
            signal.awaitInTask();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return 0;
    }

    /** Neither interrupts nor anything else but the end of the process end this. */
    static int sleepForEver() {
        while (true) {
            LockSupport.park();
        }
    }

    /** The task that nobody can stop but the system. */
    @SuppressWarnings("InfiniteLoop")
    static int swallowEverything(Signal started) {
        started.raise();
        long rounds = 0;
        while (true) {
            try {
                rounds++;
                if (rounds % 1000 == 0) {
                    throw new IllegalStateException("round " + rounds);
                }
            } catch (Throwable e) {
                rounds += e.getMessage().length() > 100 ? 1 : 0;
            }
        }
    }

    @SuppressWarnings("ModifiedButNotUsed") // only to be held
    static int fillHeap() {
        List<byte[]> hoard = new ArrayList<>();
        while (true) {
            hoard.add(new byte[1 << 20]);
        }
    }

    static int writeToPipe(String text) {
        try (FileOutputStream pipe = new FileOutputStream("/dev/fd/3")) {
            pipe.write(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sleepForEver();
        return 0;
    }
}
