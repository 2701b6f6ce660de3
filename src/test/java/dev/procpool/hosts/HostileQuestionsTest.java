package dev.procpool.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.procpool.LeakCheck;
import dev.procpool.Limits;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.SerializableRunnable;
import dev.procpool.WorkerCrashedException;
import dev.procpool.WorkerOutput;
import dev.procpool.internal.wire.ControlBlock;
import dev.procpool.internal.wire.Questions;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A task that has taken over its worker, and asks the parent for what no class loader has: it costs its worker alone. */
@ExtendWith(LeakCheck.class)
class HostileQuestionsTest {
    private static final int QUESTION_AT = ControlBlock.SIZE - 80 * 1024;

    /** Asks in the worker's place; the worker itself has nothing to ask meanwhile. */
    private static final class Asker implements AutoCloseable {
        private final RandomAccessFile file = new RandomAccessFile("/dev/fd/5", "rw");
        private final OutputStream bell = new FileOutputStream("/dev/fd/3");
        final Questions questions = ControlBlock.map(file.getChannel()).questions();

        Asker() throws IOException {}

        void ask(byte kind, String name) throws IOException {
            questions.ask(kind, 1, name);
            bell.write('!');
        }

        void awaitAnswer() {
            while (!questions.isDone()) {
                Thread.onSpinWait();
                questions.skip();
            }
            questions.skip();
        }

        /** As {@link #ask} can't: a length that is a lie. */
        void claimLength(int length) throws IOException {
            MappedByteBuffer memory = file.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, ControlBlock.SIZE);
            ByteBuffer words = memory.order(ByteOrder.nativeOrder());
            words.put(QUESTION_AT, Questions.CLASS);
            words.putInt(QUESTION_AT + 8, length);
            words.putLong(1152, questions.asked() + 1);
            bell.write('!');
        }

        @Override
        public void close() throws IOException {
            file.close();
            bell.close();
        }
    }

    private static void sleepForEver() throws InterruptedException {
        Thread.sleep(Limits.LONG.toMillis() * 10);
    }

    private static ProcessPoolExecutor pool() {
        return ProcessPoolExecutor.builder()
                .workers(2)
                .heapSize(64 << 20)
                .output(WorkerOutput.discard())
                .build();
    }

    /** The task's worker is killed for it; another task, which runs beside it, and those that follow go on. */
    private static void expectKilled(SerializableRunnable hostile, String words) throws Exception {
        try (ProcessPoolExecutor pool = pool()) {
            var beside = pool.submit(() -> {
                Thread.sleep(500);
                return 1;
            });
            var future = pool.submit(hostile);
            ExecutionException failure = catchThrowableOfType(
                    ExecutionException.class, () -> future.get(Limits.LONG.toSeconds(), TimeUnit.SECONDS));

            WorkerCrashedException crash = (WorkerCrashedException) failure.getCause();
            assertThat(crash.reason()).isEqualTo(WorkerCrashedException.Reason.PROTOCOL);
            assertThat(crash).hasMessageContaining(words);
            assertThat(beside.get()).isEqualTo(1);
            assertThat(pool.submit(() -> 2).get()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/passwd", "/etc/passwd", "file:/etc/passwd", "a/../../b", "http://localhost/a"})
    void a_path_or_a_url(String name) throws Exception {
        for (byte kind : new byte[] {Questions.CLASS, Questions.RESOURCE, Questions.RESOURCES}) {
            expectKilled(
                    () -> {
                        try (Asker asker = new Asker()) {
                            asker.ask(kind, name);
                            sleepForEver();
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    "asked for \"" + name + "\"");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100 << 20, -1, Integer.MIN_VALUE, 16 * 1024})
    void a_name_that_claims_to_be_long(int length) throws Exception {
        expectKilled(
                () -> {
                    try (Asker asker = new Asker()) {
                        asker.claimLength(length);
                        sleepForEver();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                "a name of " + Integer.toUnsignedString(length) + " bytes");
    }

    @Test
    void a_million_names() throws Exception {
        expectKilled(
                () -> {
                    try (Asker asker = new Asker()) {
                        for (int i = 0; i < 1_000_000; i++) {
                            asker.ask(Questions.CLASS, "no.Such" + i);
                            asker.awaitAnswer();
                        }
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                "classes and resources within");
    }

    @Test
    void questions_without_waiting_for_answers() throws Exception {
        expectKilled(
                () -> {
                    try (Asker asker = new Asker()) {
                        for (int i = 0; i < 1_000; i++) {
                            asker.ask(Questions.CLASS, "no.Such" + i);
                        }
                        sleepForEver();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                "out of turn");
    }

    @Test
    void an_answer_that_nobody_takes_ends_with_the_worker() throws Exception {
        try (ProcessPoolExecutor pool = pool()) {
            var future = pool.submit(() -> {
                try (Asker asker = new Asker()) {
                    asker.ask(Questions.CLASS_NOT_ON_FILES, ProcessPoolExecutor.class.getName());
                    return 1;
                }
            });
            assertThat(future.get()).isEqualTo(1);
        }
    }

    @Test
    void one_whose_classes_are_all_on_its_own_class_path_gets_nothing() throws Exception {
        try (ProcessPoolExecutor pool = ProcessPoolExecutor.builder()
                .workers(1)
                .classPath(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                .output(WorkerOutput.discard())
                .build()) {
            var future = pool.submit(() -> {
                try (Asker asker = new Asker()) {
                    asker.ask(Questions.CLASS, "java.lang.Object");
                    sleepForEver();
                    return 1;
                }
            });
            ExecutionException failure = catchThrowableOfType(
                    ExecutionException.class, () -> future.get(Limits.LONG.toSeconds(), TimeUnit.SECONDS));
            assertThat(failure).hasMessageContaining("asked for");
        }
    }
}
