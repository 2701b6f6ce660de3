package dev.procpool.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.PoolFuture;
import dev.procpool.TaskExecutor;
import dev.procpool.TaskOptions;
import dev.procpool.soak.ConcurrentUse.Load;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** An executor that does one thing wrong is found out, whichever way threads wait. */
class ConcurrentUseDamageTest {
    private static final Load IMPATIENT = new Load(3, 20, Duration.ofMillis(300));

    private static Ledger booksOf(Faulty executor, Way way) throws InterruptedException {
        return ConcurrentUse.run(executor, IMPATIENT, EnumSet.of(way), 1, 1);
    }

    /** A cancelled task needs no end, and of those that invokeAny has it is enough if one ends. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CANCEL", "INVOKE_ANY"})
    void aTaskThatNeverEnds(Way way) throws InterruptedException {
        Ledger books = booksOf(new Faulty(right -> new Dependent<>()), way);
        assertThat(books.balances()).isFalse();
        assertThat(books.lines()).anyMatch(line -> line.matches("lost: waiter-[012] hangs for 0 s: .*"));
        assertThat(books.lines()).anyMatch(line -> line.startsWith("thread waiter-"));
    }

    /** Here the right value may be among those of the others, or the task cancelled. */
    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CANCEL", "INVOKE_ANY", "MAP", "UNORDERED_MAP"})
    void aWrongValue(Way way) throws InterruptedException {
        Ledger books = booksOf(new Faulty(right -> completed("wrong")), way);
        assertThat(books.balances()).isFalse();
        assertThat(books.lines()).anyMatch(line -> line.matches("wrong: task \\d+ \\(.*\\) returned wrong"));
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"CANCEL", "INVOKE_ANY"})
    void aFailure(Way way) throws InterruptedException {
        Ledger books = booksOf(
                new Faulty(right -> {
                    Dependent<Object> failed = new Dependent<>();
                    failed.completeExceptionally(new IllegalStateException("oh"));
                    return failed;
                }),
                way);
        assertThat(books.balances()).isFalse();
        assertThat(books.lines()).anyMatch(line -> line.endsWith("failed: java.lang.IllegalStateException: oh"));
    }

    @Test
    void aCancellationThatIsDenied() throws InterruptedException {
        Ledger books = booksOf(
                new Faulty(right -> new Dependent<>() {
                    @Override
                    public boolean cancel(boolean mayInterruptIfRunning) {
                        return true;
                    }
                }),
                Way.CANCEL);
        assertThat(books.balances()).isFalse();
        assertThat(books.lines()).anyMatch(line -> line.contains("said it was cancelled, but is not"));
    }

    @Test
    void noDamage() throws InterruptedException {
        Ledger books =
                ConcurrentUse.run(new Faulty(UnaryOperator.identity()), IMPATIENT, EnumSet.allOf(Way.class), 1, 1);
        assertThat(books.balances()).as("%s", books).isTrue();
        assertThat(books.tasks()).isPositive();
    }

    private static PoolFuture<Object> completed(Object value) {
        Dependent<Object> future = new Dependent<>();
        future.complete(value);
        return future;
    }

    private static class Dependent<T> extends PoolFuture<T> {
        Dependent() {
            super(1, null);
        }
    }

    /** Runs tasks on the caller's thread, and puts something else in the place of each tenth future. */
    private static final class Faulty implements TaskExecutor {
        private static final int ONE_IN = 10;

        private final TaskExecutor sound = TaskExecutor.sequential();
        private final UnaryOperator<PoolFuture<Object>> fault;
        private final AtomicInteger count = new AtomicInteger();
        private final Queue<PoolFuture<Object>> faults = new ConcurrentLinkedQueue<>();

        Faulty(UnaryOperator<PoolFuture<Object>> fault) {
            this.fault = fault;
        }

        @Override
        @SuppressWarnings("unchecked")
        public <T> PoolFuture<T> submit(Callable<T> task) {
            PoolFuture<T> right = sound.submit(task);
            if (count.getAndIncrement() % ONE_IN > 0) {
                return right;
            }
            PoolFuture<Object> wrong = fault.apply((PoolFuture<Object>) right);
            faults.add(wrong);
            return (PoolFuture<T>) wrong;
        }

        @Override
        public <T> PoolFuture<T> submit(Runnable task, T result) {
            return sound.submit(task, result);
        }

        @Override
        public TaskExecutor with(TaskOptions options) {
            return this;
        }

        @Override
        public int parallelism() {
            return 1;
        }

        @Override
        public void shutdown() {
            sound.shutdown();
        }

        @Override
        public List<Runnable> shutdownNow() {
            faults.forEach(fault -> fault.cancel(true));
            return sound.shutdownNow();
        }

        @Override
        public boolean isShutdown() {
            return sound.isShutdown();
        }

        @Override
        public boolean isTerminated() {
            return sound.isTerminated();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
            return sound.awaitTermination(timeout, unit);
        }
    }
}
