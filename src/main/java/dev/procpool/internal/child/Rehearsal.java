package dev.procpool.internal.child;

import dev.procpool.Codec;
import dev.procpool.internal.codec.Definitions;
import dev.procpool.internal.codec.EncodeException;
import dev.procpool.internal.codec.TaskEncoder;
import dev.procpool.internal.wire.ControlBlock;
import dev.procpool.internal.wire.Frames;
import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.Ring;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Goes once through all that a worker does, without a parent: for the JVM that makes a class archive, which holds the
 * classes that are loaded when it exits.
 */
public final class Rehearsal {
    /** What no environment holds: this JVM is nobody's worker. */
    private static final String NO_MARK = "procpool-rehearsal-without-a-pool";

    /** What the lambdas of users are; by name, since workers know nothing of the pool's own package. */
    private static final List<String> KINDS_OF_TASKS = List.of(
            "dev.procpool.SerializableCallable",
            "dev.procpool.SerializableRunnable",
            "dev.procpool.SerializableFunction");

    /** A task that is no lambda comes by Java serialization, as many do. */
    private record Greeting(String text) implements Callable<Object>, Serializable {
        @Override
        public Object call() {
            return new ArrayList<>(List.of(text));
        }
    }

    private Rehearsal() {}

    /** Runs a few tasks through a call loop of its own; standard streams are as before when it returns. */
    public static void run() throws IOException {
        java.io.PrintStream out = System.out;
        java.io.PrintStream err = System.err;
        java.io.InputStream in = System.in;
        try {
            ControlBlock block = createBlock();
            fill(block);
            block.retire();
            Outbox outbox = new Outbox(block, OutputStream.nullOutputStream());
            StdioGuard stdio = StdioGuard.install(outbox);
            ExitNote hook = new ExitNote(block, outbox);
            Runtime.getRuntime().addShutdownHook(hook);
            Runtime.getRuntime().removeShutdownHook(hook);
            new ChildMain.LastWords(block);
            HeapWatch heap = new HeapWatch();
            Heartbeat heartbeat = new Heartbeat(block, Heartbeat.currentParent(), 1000, 1000, NO_MARK, heap);
            Bells bells = new Bells(new ByteArrayInputStream(new byte[1]), false, NO_MARK);
            new CallLoop(block, outbox, bells, heartbeat, stdio, hook, heap).run();
            for (String kindOfTask : KINDS_OF_TASKS) {
                Class.forName(kindOfTask);
            }
        } catch (EncodeException e) {
            throw new IOException("the rehearsal's own tasks can't be encoded", e);
        } catch (ClassNotFoundException e) {
            throw new IOException("not all of procpool is on the class path", e);
        } finally {
            System.setOut(out);
            System.setErr(err);
            System.setIn(in);
        }
    }

    private static ControlBlock createBlock() throws IOException {
        Path file = Files.createTempFile("procpool-rehearsal-", null);
        try {
            try (FileChannel memory = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                memory.write(ByteBuffer.allocate(1), ControlBlock.SIZE - 1);
                ControlBlock.map(memory).format();
            }
            return ChildMain.openBlock(file.toString());
        } finally {
            Files.delete(file);
        }
    }

    /** For a JVM of its own: {@link #run}, but ends at once when its stdin does, so that it never outlives its parent. */
    public static void main(String[] args) throws IOException {
        Thread watch = new Thread("procpool-rehearsal-watch") {
            @Override
            public void run() {
                try {
                    System.in.transferTo(OutputStream.nullOutputStream()); // nothing ever comes; only the end counts
                } catch (IOException e) {
                    Runtime.getRuntime().halt(1);
                }
                Runtime.getRuntime().halt(1);
            }
        };
        watch.setDaemon(true);
        watch.start();
        Rehearsal.run();
    }

    private static void fill(ControlBlock block) throws EncodeException {
        String captured = "x";
        Callable<Object> task = (Callable<Object> & Serializable) () -> captured + 1;
        Callable<Object> printing = (Callable<Object> & Serializable) () -> {
            System.out.println(captured);
            return new int[] {1};
        };
        Callable<Object> throwing = (Callable<Object> & Serializable) () -> {
            throw new IllegalStateException(captured);
        };
        Payload init = new Payload();
        init.writeByte(0);
        init.writeByte(0);
        init.writeByte(0);
        long[] tail = {0};
        append(block, tail, 1, Frames.INIT, init);
        TaskEncoder encoder = new TaskEncoder(Codec.javaSerialization());
        int number = 1;
        for (Object call : new Object[] {task, task, printing, throwing, new Greeting(captured)}) {
            Payload body = new Payload();
            body.writeVarInt(0);
            encoder.encodeTask(call, body);
            append(block, tail, ++number, Frames.TASK, body);
        }
    }

    private static void append(ControlBlock block, long[] tail, int number, byte kind, Payload body) {
        Payload frame = new Payload();
        frame.writeVarInt(body.definitions().length);
        for (int id : body.definitions()) {
            Payload definition = Definitions.body(id);
            if (definition != null) {
                frame.writeVarInt(id);
                frame.writeInt((int) definition.length());
                frame.write(definition.buffer(), 0, (int) definition.length());
            }
        }
        frame.write(body.buffer(), 0, (int) body.length());
        Ring ring = block.calls();
        ring.putInt(tail[0], (int) frame.length() + 1);
        ring.putByte(tail[0] + Integer.BYTES, kind);
        ring.put(tail[0] + Frames.HEADER, frame.buffer(), 0, (int) frame.length());
        tail[0] += Frames.spaceFor(frame.length());
        block.callsTail(tail[0]);
        block.allow(number);
    }
}
