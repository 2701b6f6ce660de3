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
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
                List<PoolFuture<Object>> futures = new java.util.ArrayList<>();
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
