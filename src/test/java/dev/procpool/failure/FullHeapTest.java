package dev.procpool.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.Limits;
import dev.procpool.PoolFuture;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.TaskOptions;
import dev.procpool.TaskTimeoutException;
import dev.procpool.WorkerCrashedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The parent's own heap is full, again and again, for some milliseconds: in a JVM of its own. */
class FullHeapTest {
    private static final Duration HOW_LONG = Duration.ofSeconds(6);
    private static final Duration DEADLINE = Duration.ofMillis(100);
    private static final int OPEN = 20;

    /** Submits tasks of several kinds while another thread fills the heap; tells how many futures stayed open. */
    static final class Program {
        private static volatile boolean stopped;

        private final ProcessPoolExecutor pool = Faults.pool(2);
        private final ArrayDeque<PoolFuture<?>> open = new ArrayDeque<>(2 * OPEN);
        private int lost;
        private int blamed;

        public static void main(String[] args) throws Exception {
            Program program = new Program();
            program.pool.submit(() -> 1).get();
            Thread filler = new Thread(Program::fillAndFree, "filler");
            filler.setDaemon(true);
            filler.start();
            long start = System.nanoTime();
            for (int i = 0; System.nanoTime() - start < HOW_LONG.toNanos(); i++) {
                program.submitAndTake(i);
            }
            stopped = true;
            filler.join();
            program.end();
        }

        /** Fills the heap by and by, keeps it full for some milliseconds, and frees it. */
        private static void fillAndFree() {
            while (!stopped) {
                Object[] chain = null;
                try {
                    while (!stopped) {
                        chain = new Object[] {chain, new byte[20_000]};
                    }
                } catch (OutOfMemoryError e) {
                    long full = System.nanoTime();
                    while (System.nanoTime() - full < 5_000_000) {
                        Thread.onSpinWait();
                    }
                }
                chain = null;
                LockSupport.parkNanos(30_000_000);
            }
        }

        private void submitAndTake(int number) {
            try {
                open.add(
                        switch (number % 10) {
                            case 0 ->
                                pool.with(TaskOptions.defaults().timeout(DEADLINE))
                                        .submit(() -> Faults.sleepForEver());
                            case 1, 2 -> pool.submit(() -> new byte[200_000]);
                            case 3 -> pool.submit(() -> "x".repeat(50_000));
                            default -> pool.submit(() -> number);
                        });
            } catch (OutOfMemoryError e) {
                return; // this task was never accepted
            }
            while (open.size() > OPEN) {
                take(open.poll());
            }
        }

        private void take(PoolFuture<?> future) {
            boolean taken = false;
            while (!taken) {
                try {
                    taken = isTaken(future);
                } catch (OutOfMemoryError e) {
                    taken = false; // in get() itself: the future is as it was
                }
            }
        }

        private boolean isTaken(PoolFuture<?> future) {
            try {
                future.get(Limits.LONG.toSeconds() / 2, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                blamed += e.getCause() instanceof WorkerCrashedException ? 1 : 0;
            } catch (TimeoutException e) {
                lost++;
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts this thread", e);
            }
            return true;
        }

        private void end() throws Exception {
            open.forEach(this::take);
            boolean deadlinesFire = false;
            try {
                pool.with(TaskOptions.defaults().timeout(DEADLINE))
                        .submit(() -> Faults.sleepForEver())
                        .get(Limits.LONG.toSeconds() / 2, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                deadlinesFire = e.getCause() instanceof TaskTimeoutException;
            }
            int answer = pool.submit(() -> 42).get();
            pool.close();
            System.out.println("lost " + lost + ", workers blamed " + blamed + ", deadlines " + deadlinesFire
                    + ", rescued " + pool.stats().rescued() + ", answer " + answer);
        }
    }

    @Test
    void everyFutureCompletesAndNoWorkerIsBlamed() throws Exception {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx40m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String words = new String(parent.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(parent.waitFor(Limits.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(words).isEqualTo("lost 0, workers blamed 0, deadlines true, rescued 0, answer 42\n");
    }
}
