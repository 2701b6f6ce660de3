package dev.procpool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.procpool.internal.codec.EncodeException;
import dev.procpool.internal.codec.RoundTrip;
import dev.procpool.internal.os.SharedFile;
import dev.procpool.internal.wire.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedBytesTest {
    private final RoundTrip roundTrip = new RoundTrip();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4_096, 64 * 1024, 64 * 1024 + 1, 3_000_000})
    void sameBytesHereAndThere(int length) throws Exception {
        byte[] bytes = random(length);
        try (SharedBytes shared = SharedBytes.of(bytes)) {
            SharedBytes received = roundTrip.value(shared);

            assertThat(shared.length()).isEqualTo(length);
            assertThat(received.length()).isEqualTo(length);
            assertThat(shared.buffer()).isEqualTo(ByteBuffer.wrap(bytes));
            assertThat(received.buffer()).isEqualTo(ByteBuffer.wrap(bytes));
            assertThat(received.buffer().isReadOnly()).isTrue();
        }
    }

    @Test
    void isACopyAndEachBufferIsTheCallersOwn() throws Exception {
        byte[] bytes = {1, 2, 3};
        try (SharedBytes shared = SharedBytes.of(bytes)) {
            bytes[0] = 9;
            ByteBuffer first = shared.buffer();

            assertThat(first.get()).isEqualTo((byte) 1);
            assertThat(shared.buffer().position()).isZero();
        }
    }

    @Test
    void capturedByATask() throws Exception {
        try (SharedBytes shared = SharedBytes.of(new byte[] {40, 2})) {
            SerializableCallable<Integer> task =
                    () -> shared.buffer().get(0) + shared.buffer().get(1);
            Payload out = new Payload();
            roundTrip.encoder.encodeTask(task, out);

            assertThat(out.length()).isLessThan(40);
            assertThat(roundTrip.task(task).call()).isEqualTo(42);
        }
    }

    @Test
    void file() throws Exception {
        Path path = Files.write(folder.resolve("data"), new byte[] {1, 2, 3});
        try (SharedBytes shared = SharedBytes.of(path)) {
            assertThat(roundTrip.value(shared).buffer()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        }
        assertThat(path).hasBinaryContent(new byte[] {1, 2, 3});
    }

    @Test
    void emptyFile() throws Exception {
        try (SharedBytes shared = SharedBytes.of(Files.createFile(folder.resolve("empty")))) {
            assertThat(roundTrip.value(shared).buffer().remaining()).isZero();
        }
    }

    @Test
    void fileThatShrank() throws Exception {
        Path path = Files.write(folder.resolve("data"), new byte[] {1, 2, 3});
        try (SharedBytes shared = SharedBytes.of(path)) {
            Files.write(path, new byte[] {1});
            SharedBytes received = roundTrip.value(shared);

            assertThatThrownBy(received::buffer)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("had 3 bytes when it was shared, and has 1");
        }
    }

    @Test
    void filesThatCannotBeShared() throws Exception {
        Path large = folder.resolve("large");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(1L + Integer.MAX_VALUE);
        }

        assertThatThrownBy(() -> SharedBytes.of(folder.resolve("none")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("NoSuchFileException");
        assertThatThrownBy(() -> SharedBytes.of(folder))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("not a regular file");
        assertThatThrownBy(() -> SharedBytes.of(large))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has 2147483648 bytes")
                .hasMessageContaining("2147483647 at most");
    }

    @Test
    void closed() throws Exception {
        SharedBytes shared = SharedBytes.of(new byte[] {1, 2});
        SharedBytes unmapped = roundTrip.value(shared);
        ByteBuffer still = shared.buffer();
        shared.close();
        shared.close();

        assertThatThrownBy(shared::buffer)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> roundTrip.sendValue(shared))
                .isInstanceOf(EncodeException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(unmapped::buffer)
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("closed");
        assertThat(still.get(1)).isEqualTo((byte) 2);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void descriptorThatIsAnotherFileByNow() throws Exception {
        SharedBytes shared = SharedBytes.of(new byte[] {1, 2});
        SharedBytes received = roundTrip.value(shared);
        shared.close();
        List<SharedBytes> others = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) { // one of them gets the number of the descriptor that was closed
                others.add(SharedBytes.of(new byte[] {3, 4}));
            }
            assertThatThrownBy(received::buffer)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("they were closed");
        } finally {
            others.forEach(SharedBytes::close);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void leavesNoFileAndNoDescriptor() throws Exception {
        long before = openFiles();
        List<SharedBytes> shared = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            shared.add(SharedBytes.of(random(100_000)));
        }

        // Another process may be between making its file and taking the name away.
        await().atMost(Duration.ofSeconds(10)).until(() -> !anyNamed());
        assertThat(openFiles()).isEqualTo(before + 10);
        shared.forEach(SharedBytes::close);
        assertThat(openFiles()).isEqualTo(before);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void anotherProcessSeesThemAndTheirOwnersDeathEndsThem() throws Exception {
        byte[] bytes = random(100_000);
        Process owner = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Owner.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            InputStream output = owner.getInputStream();
            byte[] sent = output.readNBytes(output.read() << 8 | output.read());
            SharedBytes first = (SharedBytes) RoundTrip.receive(sent);
            SharedBytes second = (SharedBytes) RoundTrip.receive(sent);
            assertThat(first.buffer()).isEqualTo(ByteBuffer.wrap(bytes));

            owner.destroyForcibly().waitFor();
            assertThat(first.buffer()).as("mapped before").isEqualTo(ByteBuffer.wrap(bytes));
            assertThatThrownBy(second::buffer)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("the process that shared them is gone");
            await().atMost(Duration.ofSeconds(10)).until(() -> !anyNamed());
        } finally {
            owner.destroyForcibly().waitFor();
        }
    }

    /** Shares bytes, writes the definition to standard output, and waits to be killed. */
    static final class Owner {
        private Owner() {}

        public static void main(String[] args) throws Exception {
            SharedBytes shared = SharedBytes.of(random(100_000));
            byte[] definition = RoundTrip.definition(shared);
            System.out.write(definition.length >>> 8);
            System.out.write(definition.length);
            System.out.write(definition);
            System.out.flush();
            System.in.read(); // for ever, or until the test is gone
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** How many descriptors this process has of shared files. */
    private static long openFiles() throws IOException {
        long count = 0;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.isSymbolicLink(descriptor)
                        && Files.readSymbolicLink(descriptor).toString().contains(SharedFile.PREFIX)) {
                    count++;
                }
            }
        }
        return count;
    }

    /** Whether any process's shared file has a name. */
    private static boolean anyNamed() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/dev/shm"), SharedFile.PREFIX + "*")) {
            return files.iterator().hasNext();
        }
    }
}
