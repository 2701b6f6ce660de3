package dev.procpool.spark;

import dev.procpool.internal.codec.Definitions;
import dev.procpool.internal.codec.TaskDecoder;
import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.PayloadReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How groups of tasks and their replies are written.
 *
 * <pre>
 * group:   count of definitions, (number, length, bytes)*, count of tasks, (timeout in ns or 0, length, bytes)*
 * replies: (index in the group, kind, length, bytes)* up to the end
 * </pre>
 */
final class Groups {
    /** A value. */
    static final int VALUE = 1;
    /** What the task threw. */
    static final int THROWN = 2;
    /** Why the task could not be rebuilt. */
    static final int DECODE_FAILED = 3;
    /** Why the value could not be sent. */
    static final int ENCODE_FAILED = 4;
    /** The deadline passed. */
    static final int LATE = 5;
    /** The executor gives the task back. */
    static final int NOT_STARTED = 6;

    static final byte[] NOTHING = {};

    private Groups() {}

    /** A task as it travels. */
    record Item(long timeoutNanos, byte[] body) {}

    /** A reply as it travels. */
    record Reply(int index, int kind, byte[] body) {}

    /**
     * Writes a group.
     *
     * @param known the definitions that the receiver has; those that it gets now are added
     */
    static byte[] write(List<? extends SparkTask<?>> tasks, Set<Integer> known) {
        Payload definitions = new Payload();
        int count = 0;
        for (SparkTask<?> task : tasks) {
            for (int id : task.definitions()) {
                Payload body = known.add(id) ? Definitions.body(id) : null;
                if (body != null) {
                    definitions.writeVarInt(id);
                    writeBytes(bytes(body), definitions);
                    count++;
                }
            }
        }
        Payload out = new Payload();
        out.writeVarInt(count);
        out.writeArray(bytes(definitions));
        out.writeVarInt(tasks.size());
        for (SparkTask<?> task : tasks) {
            out.writeLong(task.timeoutNanos());
            writeBytes(task.body(), out);
        }
        return bytes(out);
    }

    /** Reads a group; its definitions go to {@code decoder}. */
    static List<Item> read(byte[] group, TaskDecoder decoder) throws IOException {
        PayloadReader in = new PayloadReader(group, 0, group.length);
        for (int left = in.readVarInt(); left > 0; left--) {
            int id = in.readVarInt();
            decoder.define(id, in, in.readLength());
        }
        int count = in.readVarInt();
        List<Item> tasks = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            tasks.add(new Item(in.readLong(), readBytes(in)));
        }
        return tasks;
    }

    static void writeReply(int index, int kind, byte[] body, Payload out) {
        out.writeVarInt(index);
        out.writeByte(kind);
        writeBytes(body, out);
    }

    static List<Reply> readReplies(byte[] replies) throws IOException {
        PayloadReader in = new PayloadReader(replies, 0, replies.length);
        List<Reply> read = new ArrayList<>();
        while (in.remaining() > 0) {
            read.add(new Reply(in.readVarInt(), in.readByte(), readBytes(in)));
        }
        return read;
    }

    /** All bytes of a payload. */
    static byte[] bytes(Payload payload) {
        byte[] bytes = new byte[Math.toIntExact(payload.length())];
        int[] position = {0};
        try {
            payload.writeTo((array, offset, length) -> {
                System.arraycopy(array, offset, bytes, position[0], length);
                position[0] += length;
            });
        } catch (IOException e) {
            throw new AssertionError("copying can't fail", e);
        }
        return bytes;
    }

    private static void writeBytes(byte[] bytes, Payload out) {
        out.writeVarInt(bytes.length);
        out.writeArray(bytes);
    }

    private static byte[] readBytes(PayloadReader in) throws IOException {
        byte[] bytes = new byte[in.readLength()];
        in.readFully(bytes, 0, bytes.length);
        return bytes;
    }
}
