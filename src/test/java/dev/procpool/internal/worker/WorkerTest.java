package dev.procpool.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.internal.launch.ControlBlockFile;
import dev.procpool.internal.launch.ServedClasses;
import dev.procpool.internal.launch.Starter;
import dev.procpool.internal.launch.WorkerSpec;
import dev.procpool.internal.wire.ControlBlock;
import dev.procpool.internal.wire.Frames;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The process is simulated; what would run on a thread is queued and run by {@link #runThreads}. */
class WorkerTest {
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final List<String> log = new ArrayList<>();

    private final ControlBlock block = ControlBlock.unshared();

    /** A process that has ended, in a parent that has no memory when it asks for the exit code first. */
    private final class Ended extends Process {
        private boolean asked;

        @Override
        public OutputStream getOutputStream() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public InputStream getInputStream() {
            return new InputStream() {
                @Override
                public int read() {
                    return read(new byte[1], 0, 1);
                }

                @Override
                public int read(byte[] buffer, int offset, int length) {
                    log.add("waits for a bell");
                    return -1;
                }
            };
        }

        @Override
        public InputStream getErrorStream() {
            return InputStream.nullInputStream();
        }

        @Override
        public int waitFor() {
            return 3;
        }

        @Override
        public boolean waitFor(long timeout, TimeUnit unit) {
            return true;
        }

        @Override
        public int exitValue() {
            if (!asked) {
                asked = true;
                throw new OutOfMemoryError("of the parent");
            }
            return 3;
        }

        @Override
        public boolean isAlive() {
            return false;
        }

        @Override
        public void destroy() {}

        @Override
        public long pid() {
            return Integer.MAX_VALUE;
        }
    }

    private final class EndedStarter implements Starter {
        @Override
        public ControlBlockFile createMemory() {
            return ControlBlockFile.unshared(block);
        }

        @Override
        public Process start(int id, ControlBlockFile memory) {
            return new Ended();
        }

        @Override
        public String markOf(int id) {
            return "a mark that no process of this machine has";
        }

        @Override
        public void distrustArchive() {}

        @Override
        public void makeArchive() {}

        @Override
        public void close() {}
    }

    private final class Recorder implements Worker.Listener {
        @Override
        public void started(Worker worker) {}

        @Override
        public int framesTaken() {
            return -1;
        }

        @Override
        public void deliver(int turn) {}

        @Override
        public void printed(Worker.Line line) {}

        @Override
        public void lineDropped() {}

        @Override
        public void ended(Death death) {
            log.add("ended with " + death.exitCode());
        }

        @Override
        public void frame(byte kind, byte[] buffer, int offset, int length) {
            log.add("frame");
        }

        @Override
        public void frameLost(byte kind, long length, OutOfMemoryError why) {}
    }

    private static final class NoNumbers implements ServedClasses.Numbers {
        @Override
        public int define() {
            return 1;
        }

        @Override
        public void forget(int number) {}
    }

    private Worker start() throws IOException {
        WorkerSpec spec = new WorkerSpec(
                "pool",
                Path.of("java"),
                List.of(),
                List.of(),
                Map.of(),
                null,
                List.of(),
                OptionalLong.empty(),
                1,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                WorkerSpec.LineSink.inherited(),
                new ServedClasses(null, false, new NoNumbers()));
        EndedStarter starter = new EndedStarter();
        return Worker.start(1, spec, starter, starter.createMemory(), threads::add, new Recorder());
    }

    private void runThreads() {
        for (Runnable thread = threads.poll(); thread != null; thread = threads.poll()) {
            thread.run();
        }
    }

    private void publish() {
        block.replies().putInt(0, 1);
        block.replies().putByte(Integer.BYTES, Frames.VALUE);
        block.repliesTail(Frames.spaceFor(0));
    }

    @Test
    void aReaderThatIsKeptFromItIsReplaced() throws Exception {
        Worker worker = start();
        threads.clear();
        publish();
        worker.readOn();
        runThreads();
        assertThat(log).startsWith("frame", "waits for a bell");
    }

    @Test
    void aLookThatIsHandedOverIsTaken() throws Exception {
        Worker worker = start();
        threads.clear();
        worker.handOver();
        assertThat(threads).isEmpty();

        publish();
        worker.handOver();
        assertThat(log).isEmpty();
        runThreads();
        assertThat(log).containsExactly("frame");
    }

    /** The one before may have been kept from the look that it owed. */
    @Test
    void whoBeginsToReadLooksFirst() throws Exception {
        publish();
        start();
        runThreads();
        assertThat(log).startsWith("frame", "waits for a bell");
    }

    @Test
    void anEndThatFindsNoMemoryIsSettledAllTheSameAndOnce() throws Exception {
        Worker worker = start();
        runThreads();
        worker.checkExit();
        worker.checkExit();
        assertThat(log).containsExactly("waits for a bell", "ended with 3");
    }
}
