package dev.procpool.worker;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Makes whole lines of bytes that come in pieces. Not thread-safe. */
final class LineAssembler {
    /** A line longer than this is cut, so that a task that never ends its line can't fill the parent's heap. */
    private static final int LONGEST_LINE = 1 << 20;

    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private final Consumer<String> lines;

    LineAssembler(Consumer<String> lines) {
        this.lines = lines;
    }

    void add(byte[] bytes, int offset, int length) {
        int from = offset;
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == '\n') {
                partial.write(bytes, from, i - from);
                from = i + 1;
                emit();
            }
        }
        partial.write(bytes, from, offset + length - from);
        if (partial.size() > LONGEST_LINE) {
            emit();
        }
    }

    /** Gives out what has no line end yet, if there is anything. */
    void flush() {
        if (partial.size() > 0) {
            emit();
        }
    }

    private void emit() {
        String line = partial.toString(StandardCharsets.UTF_8);
        partial.reset();
        lines.accept(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
    }
}
