package dev.procpool.internal.spawn;

import dev.procpool.Codec;
import dev.procpool.internal.codec.Definitions;
import dev.procpool.internal.codec.EncodeException;
import dev.procpool.internal.codec.TaskDecoder;
import dev.procpool.internal.codec.TaskEncoder;
import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.PayloadReader;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A task on its way to a JVM that has nothing: the number of definitions that it needs as a varint; for each its number
 * as a varint, its length in four bytes, and its bytes; then the task.
 */
public final class TaskFile {
    private final Payload definitions = new Payload();
    private final Payload task;

    /** Encodes {@code task}, a callable or a runnable. */
    public TaskFile(Object task) throws EncodeException {
        Payload encoded = new Payload();
        new TaskEncoder(Codec.javaSerialization()).encodeTask(task, encoded);
        this.task = encoded.detach(); // the caller may change its arrays from here on
        Payload bodies = new Payload();
        int count = 0;
        for (int id : this.task.definitions()) {
            Payload body = Definitions.body(id);
            if (body != null) { // a shared value may have been freed: only the task that uses it will fail
                count++;
                bodies.writeVarInt(id);
                bodies.writeInt((int) body.length());
                append(body, bodies);
            }
        }
        definitions.writeVarInt(count);
        append(bodies, definitions);
    }

    /** Writes the content of the file. */
    public void writeTo(OutputStream file) throws IOException {
        definitions.writeTo(file::write);
        task.writeTo(file::write);
    }

    static void readDefinitions(PayloadReader in, TaskDecoder decoder) throws IOException {
        for (int left = in.readVarInt(); left > 0; left--) {
            int id = in.readVarInt();
            decoder.define(id, in, in.readInt());
        }
    }

    private static void append(Payload source, Payload target) {
        try {
            source.writeTo(target::write);
        } catch (IOException e) {
            throw new IllegalStateException("a payload throws no such exception", e);
        }
    }
}
