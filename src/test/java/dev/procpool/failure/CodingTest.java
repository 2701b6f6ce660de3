package dev.procpool.failure;

import static dev.procpool.failure.Faults.failure;
import static dev.procpool.failure.Faults.pool;
import static dev.procpool.failure.Faults.quiet;
import static dev.procpool.failure.Faults.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.LeakCheck;
import dev.procpool.PoolFuture;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.RemoteTaskException;
import dev.procpool.SerializableCallable;
import dev.procpool.TaskOptions;
import dev.procpool.TaskSerializationException;
import dev.procpool.TaskSerializationException.Stage;
import dev.procpool.TaskTimeoutException;
import dev.procpool.WorkerCrashedException;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults while a task or its outcome is turned into bytes, or back: an error, an exit, a crash at each stage. */
@ExtendWith(LeakCheck.class)
class CodingTest {
    private static final ProcessPoolExecutor POOL = pool(1);

    @AfterAll
    static void closePool() {
        POOL.close();
    }

    private static void expectWorkerUntouched(Runnable fault) {
        long pid = value(POOL.submit(() -> ProcessHandle.current().pid()));
        fault.run();
        assertThat(value(POOL.submit(() -> ProcessHandle.current().pid()))).isEqualTo(pid);
    }

    enum Misdeed {
        THROW,
        ERROR,
        OVERFLOW,
        EXIT,
        HALT,
        HANG;

        void happen() {
            switch (this) {
                case THROW -> throw new IllegalStateException("on purpose");
                case ERROR -> throw new LinkageError("on purpose");
                case OVERFLOW -> happen();
                case EXIT -> Faults.exit(5);
                case HALT -> Faults.halt(5);
                case HANG -> Faults.sleepForEver();
            }
        }

        /** What the future gets. */
        void expect(PoolFuture<?> future, Stage stage) {
            switch (this) {
                case THROW, ERROR, OVERFLOW ->
                    assertThat(failure(future, TaskSerializationException.class).stage())
                            .isEqualTo(stage);
                case EXIT, HALT ->
                    assertThat(failure(future, WorkerCrashedException.class).exitCode())
                            .hasValue(5);
                case HANG -> failure(future, TaskTimeoutException.class);
            }
        }
    }

    /** Does something bad when it is read, in the child or in the parent. */
    private record BadToRead(Misdeed misdeed, boolean inParent, long parent) implements Serializable {
        BadToRead(Misdeed misdeed, boolean inParent) {
            this(misdeed, inParent, ProcessHandle.current().pid());
        }

        private Object writeReplace() {
            return new Written(misdeed, inParent, parent);
        }

        private static final class Written implements Serializable {
            private final Misdeed misdeed;
            private final boolean inParent;
            private final long parent;

            Written(Misdeed misdeed, boolean inParent, long parent) {
                this.misdeed = misdeed;
                this.inParent = inParent;
                this.parent = parent;
            }

            private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
                in.defaultReadObject();
                if ((ProcessHandle.current().pid() == parent) == inParent) {
                    misdeed.happen();
                }
            }

            private Object readResolve() {
                return new BadToRead(misdeed, inParent, parent);
            }
        }
    }

    /** Does something bad when it is written, in the child. */
    private static final class BadToWrite implements Serializable {
        private final Misdeed misdeed;

        BadToWrite(Misdeed misdeed) {
            this.misdeed = misdeed;
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            misdeed.happen();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whileDecodingTheTask(Misdeed misdeed) {
        BadToRead bad = new BadToRead(misdeed, false);
        PoolFuture<Integer> future = POOL.with(TaskOptions.defaults().timeout(Duration.ofSeconds(2)))
                .submit(() -> bad.misdeed().name().length());

        misdeed.expect(future, Stage.TASK_DECODE);
        assertThat(value(POOL.submit(() -> 42))).isEqualTo(42);
    }

    @ParameterizedTest
    @EnumSource
    void whileEncodingTheResult(Misdeed misdeed) {
        PoolFuture<Object> future =
                POOL.with(TaskOptions.defaults().timeout(Duration.ofSeconds(2))).submit(() -> new BadToWrite(misdeed));

        misdeed.expect(future, Stage.RESULT_ENCODE);
        assertThat(value(POOL.submit(() -> 42))).isEqualTo(42);
    }

    @ParameterizedTest
    @EnumSource(names = {"THROW", "ERROR", "OVERFLOW"})
    void whileDecodingTheResult(Misdeed misdeed) {
        BadToRead bad = new BadToRead(misdeed, true);
        expectWorkerUntouched(() -> misdeed.expect(POOL.submit(() -> bad), Stage.RESULT_DECODE));
    }

    @Test
    void taskThatIsNotSerializable() {
        Object lock = new Object();

        assertThatThrownBy(() -> POOL.submit(() -> lock.hashCode()))
                .isInstanceOfSatisfying(
                        TaskSerializationException.class,
                        e -> assertThat(e.stage()).isEqualTo(Stage.TASK_ENCODE))
                .hasMessageContaining("java.lang.Object");
    }

    @Test
    void resultThatIsNotSerializable() {
        expectWorkerUntouched(() -> {
            PoolFuture<Object> future = POOL.submit((Callable<Object> & Serializable) Object::new);

            TaskSerializationException e = failure(future, TaskSerializationException.class);

            assertThat(e.stage()).isEqualTo(Stage.RESULT_ENCODE);
            assertThat(e).hasMessageContaining("java.lang.Object");
        });
    }

    /** Holds on to what isn't serialisable. */
    private static final class Unserializable extends RuntimeException {
        private final Object lock = new Object();

        Unserializable(String message) {
            super(message);
        }

        @Override
        public String getMessage() {
            return super.getMessage() + (lock == null ? "" : "!");
        }
    }

    /** Can't be rebuilt. */
    private static final class Unrebuildable extends RuntimeException {
        Unrebuildable(String message) {
            super(message);
        }

        private Object readResolve() {
            throw new IllegalStateException("no");
        }
    }

    @Test
    void exceptionThatIsNotSerializable() {
        expectWorkerUntouched(() -> {
            PoolFuture<Object> future = POOL.submit(() -> {
                throw new Unserializable("it broke");
            });

            RemoteTaskException e = failure(future, RemoteTaskException.class);

            assertThat(e.remoteClassName()).isEqualTo(Unserializable.class.getName());
            assertThat(e.remoteStackTrace()).contains("it broke!").contains("CodingTest");
            assertThat(e).hasMessageContaining("it broke!");
        });
    }

    @Test
    void exceptionThatCanNotBeRebuilt() {
        expectWorkerUntouched(() -> {
            PoolFuture<Object> future = POOL.submit(() -> {
                throw new Unrebuildable("it broke");
            });

            assertThat(failure(future, RemoteTaskException.class).remoteClassName())
                    .isEqualTo(Unrebuildable.class.getName());
        });
    }

    /** Nothing about it works. */
    private static final class Hostile extends RuntimeException {
        @Override
        public String getMessage() {
            throw new LinkageError("no message");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException("no trace");
        }

        private void writeObject(ObjectOutputStream out) {
            throw new LinkageError("no object");
        }
    }

    @Test
    void exceptionWhoseEveryMethodThrows() {
        expectWorkerUntouched(() -> {
            PoolFuture<Object> future = POOL.submit(() -> {
                throw new Hostile();
            });

            assertThat(failure(future, RemoteTaskException.class).remoteClassName())
                    .isEqualTo(Hostile.class.getName());
        });
    }

    /** Travels well, but can't be printed. */
    @SuppressWarnings("OverrideThrowableToString")
    private static final class Speechless extends RuntimeException {
        @Override
        public String toString() {
            throw new LinkageError("no words");
        }
    }

    /** Futures wrap what was thrown, and ask it for its words then. */
    @Test
    void exceptionWhoseToStringThrows() {
        expectWorkerUntouched(() -> {
            List<PoolFuture<Integer>> futures = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                int n = i;
                futures.add(POOL.submit(() -> {
                    if (n % 10 == 3) {
                        throw new Speechless();
                    }
                    return n;
                }));
            }
            CompletableFuture<Integer> dependent = futures.get(3).thenApply(value -> value + 1);
            for (int i = 0; i < 100; i++) {
                if (i % 10 == 3) {
                    assertThat(failure(futures.get(i), RemoteTaskException.class)
                                    .remoteClassName())
                            .isEqualTo(Speechless.class.getName());
                } else {
                    assertThat(value(futures.get(i))).isEqualTo(i);
                }
            }
            failure(dependent, RemoteTaskException.class);
        });
    }

    /** Can't be read, for a reason that can't be told. */
    private static final class UnreadableWithoutWords implements SerializableCallable<Integer> {
        private Object readResolve() {
            throw new Speechless();
        }

        @Override
        public Integer call() {
            return 1;
        }
    }

    @Test
    void speechlessExceptionWhileDecoding() {
        expectWorkerUntouched(() -> {
            Misdeed.THROW.expect(POOL.submit(new UnreadableWithoutWords()), Stage.TASK_DECODE);
            Misdeed.THROW.expect(POOL.submit(() -> new UnreadableWithoutWords()), Stage.RESULT_DECODE);
        });
    }

    /** Takes all memory when it is read or written. */
    private static final class Hoarder implements SerializableCallable<Integer> {
        private final boolean whenWritten;

        Hoarder(boolean whenWritten) {
            this.whenWritten = whenWritten;
        }

        private Object writeReplace() {
            return whenWritten ? Faults.fillHeap() : this;
        }

        private Object readResolve() {
            return Faults.fillHeap();
        }

        @Override
        public Integer call() {
            return 1;
        }
    }

    /** Whatever else may have met the same error, nobody trusts that JVM any more. */
    @Test
    void outOfMemoryWhileDecodingTheTaskOrEncodingTheResult() {
        for (PoolFuture<?> future : List.of(
                POOL.submit(new Hoarder(false)), POOL.submit((SerializableCallable<Object>) () -> new Hoarder(true)))) {
            RuntimeException thrown = failure(future, RuntimeException.class);

            if (thrown
                    instanceof WorkerCrashedException crash) { // another thread of the child was the first to meet it
                assertThat(crash.reason()).isEqualTo(WorkerCrashedException.Reason.OUT_OF_MEMORY);
            } else {
                assertThat(thrown).isInstanceOf(TaskSerializationException.class);
            }
            assertThat(value(POOL.submit(() -> ProcessHandle.current().pid())))
                    .isNotEqualTo(future.workerPid().orElseThrow());
        }
    }

    private static final CountDownLatch MAY_BE_REBUILT = new CountDownLatch(1);

    /** Takes its time when it is read in the parent. */
    private static final class Waiting implements Serializable {
        private final boolean forATask;
        private final long parent = ProcessHandle.current().pid();

        Waiting(boolean forATask) {
            this.forATask = forATask;
        }

        private Object readResolve() throws Exception {
            if (ProcessHandle.current().pid() != parent) {
                return this;
            }
            if (forATask) {
                return POOL.submit(() -> 42).get();
            }
            MAY_BE_REBUILT.await();
            return 43;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void resultThatWaitsForAnotherTaskWhileItIsRebuilt(boolean withCallback) {
        Object waiting = new Waiting(true);
        PoolFuture<Object> future = POOL.submit((SerializableCallable<Object>) () -> waiting);
        CompletableFuture<Object> seen = withCallback ? future.thenApply(value -> value) : future;

        assertThat(value(seen)).isEqualTo(42);
    }

    @Test
    void resultThatCanNotBeRebuiltForLongHoldsUpNobody() {
        Object waiting = new Waiting(false);
        PoolFuture<Object> slow = POOL.submit((SerializableCallable<Object>) () -> waiting);
        for (int i = 0; i < 100; i++) {
            assertThat(value(POOL.submit(() -> 1))).isEqualTo(1);
        }
        failure(POOL.submit(() -> Faults.halt(1)), WorkerCrashedException.class);
        assertThat(value(POOL.submit(() -> 2))).isEqualTo(2);
        assertThat(slow).isNotDone();

        MAY_BE_REBUILT.countDown();

        assertThat(value(slow)).isEqualTo(43);
    }

    @Test
    void taskThatThrowsKeepsTheChildsFrames() {
        PoolFuture<Object> future = POOL.submit(() -> {
            throw new IOException("on purpose", new IllegalArgumentException("cause"));
        });

        IOException e = failure(future, IOException.class);

        assertThat(e).hasMessage("on purpose").hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(e.getStackTrace()).anyMatch(frame -> frame.getClassName().contains("CallLoop"));
    }

    @Test
    void cancellationExceptionOfATaskIsNoCancellation() {
        PoolFuture<Object> future = POOL.submit(() -> {
            throw new CancellationException("on purpose");
        });

        failure(future, CancellationException.class);
        assertThat(future.isCancelled()).isFalse();
    }

    @Test
    void resultThatTheFilterRejects() {
        try (ProcessPoolExecutor pool = quiet(1).resultFilter(ObjectInputFilter.Config.createFilter(
                        "!java.util.List12;!java.util.ImmutableCollections*;!java.util.CollSer"))
                .build()) {
            long pid = value(pool.submit(() -> ProcessHandle.current().pid()));

            TaskSerializationException e = failure(pool.submit(() -> List.of(1, 2)), TaskSerializationException.class);

            assertThat(e.stage()).isEqualTo(Stage.RESULT_DECODE);
            assertThat(value(pool.submit(() -> ProcessHandle.current().pid()))).isEqualTo(pid);
        }
    }

    @Test
    void faultsInAStormOfTinyTasks() {
        expectWorkerUntouched(() -> {
            for (int round = 0; round < Faults.repeated(2); round++) {
                List<PoolFuture<Object>> futures = new ArrayList<>();
                for (int i = 0; i < 900; i++) {
                    int n = i;
                    BadToRead bad = new BadToRead(Misdeed.THROW, i % 9 == 7);
                    futures.add(
                            switch (i % 9) {
                                case 1 -> POOL.submit(() -> bad.misdeed().name());
                                case 4 -> POOL.submit(() -> new BadToWrite(Misdeed.ERROR));
                                case 7 -> POOL.submit(() -> bad);
                                default -> POOL.submit(() -> n);
                            });
                }
                for (int i = 0; i < 900; i++) {
                    PoolFuture<Object> future = futures.get(i);
                    switch (i % 9) {
                        case 1 -> Misdeed.THROW.expect(future, Stage.TASK_DECODE);
                        case 4 -> Misdeed.THROW.expect(future, Stage.RESULT_ENCODE);
                        case 7 -> Misdeed.THROW.expect(future, Stage.RESULT_DECODE);
                        default -> assertThat(value(future)).isEqualTo(i);
                    }
                }
            }
        });
    }
}
