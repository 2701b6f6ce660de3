package dev.procpool.internal.spawn;

import dev.procpool.Codec;
import dev.procpool.internal.codec.DecodeException;
import dev.procpool.internal.codec.EncodeException;
import dev.procpool.internal.codec.TaskDecoder;
import dev.procpool.internal.codec.TaskEncoder;
import dev.procpool.internal.codec.ThrowableCodec;
import dev.procpool.internal.os.ProcessTree;
import dev.procpool.internal.wire.Frames;
import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.PayloadReader;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The main class of a JVM that runs one task. Arguments: the file that holds the task, as {@link TaskFile} writes it, and
 * the file for the outcome: eight bytes of length, then that many bytes: a kind of {@link Frames} and the body of that
 * kind. A file that is shorter says that this JVM died first.
 */
public final class SpawnMain {
    private final TaskDecoder decoder = new TaskDecoder(Codec.javaSerialization(), null);
    private final TaskEncoder encoder = new TaskEncoder(Codec.javaSerialization());
    private final Payload body = new Payload();

    private SpawnMain() {}

    /** Runs the task. */
    public static void main(String[] args) throws IOException {
        Thread guard = new Thread(SpawnMain::endWithParent, "procpool-parent-watch");
        guard.setDaemon(true);
        guard.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ProcessTree.kill(ProcessHandle.current())));
        System.setIn(InputStream.nullInputStream());
        System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        byte[] task = Files.readAllBytes(Path.of(args[0]));
        SpawnMain main = new SpawnMain();
        byte kind = main.run(new PayloadReader(task, 0, task.length));
        try (OutputStream file = new FileOutputStream(args[1]);
                DataOutputStream out = new DataOutputStream(file)) {
            out.writeLong(1 + main.body.length());
            out.writeByte(kind);
            main.body.writeTo(out::write);
        }
        System.exit(0);
    }

    private byte run(PayloadReader in) throws IOException {
        Object task;
        try {
            TaskFile.readDefinitions(in, decoder);
            task = decoder.decodeTask(in);
        } catch (DecodeException e) {
            ThrowableCodec.encode(e, body, Codec.javaSerialization());
            return Frames.DECODE_FAILED;
        }
        try {
            encoder.encodeValue(call(task), body);
            return Frames.VALUE;
        } catch (EncodeException e) {
            ThrowableCodec.encode(e, body, Codec.javaSerialization());
            return Frames.ENCODE_FAILED;
        } catch (Throwable thrown) {
            ThrowableCodec.encode(thrown, body, Codec.javaSerialization());
            return Frames.THROWN;
        }
    }

    private static @Nullable Object call(Object task) throws Exception {
        if (task instanceof Callable<?> callable) {
            return callable.call();
        }
        ((Runnable) task).run();
        return null;
    }

    /** The parent writes nothing; so whatever ends this read says that the parent is gone, or doesn't want us any more. */
    private static void endWithParent() {
        try (InputStream stdin = new FileInputStream(FileDescriptor.in)) {
            stdin.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            orphaned(); // a pipe that breaks says the same as one that ends
        }
        orphaned();
    }

    private static void orphaned() {
        ProcessTree.kill(ProcessHandle.current());
        Runtime.getRuntime().halt(1);
    }
}
