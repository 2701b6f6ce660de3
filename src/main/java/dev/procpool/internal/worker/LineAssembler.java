package dev.procpool.internal.worker;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Makes whole lines of bytes that come in pieces. Not thread-safe. */
final class LineAssembler {
    /** A line longer than this is cut, so that a task that never ends its line can't fill the parent's heap. */
    private static final int LONGEST_LINE = 1 << 20;

    /** In UTF-8. */
    private static final int LONGEST_CHARACTER = 4;

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
            cut();
        }
    }

    /** Gives out what has no line end yet, if there is anything. */
    void flush() {
        if (partial.size() > 0) {
            emit();
        }
    }

    /** Gives out what is there, but not the beginning of a character whose end is still to come. */
    private void cut() {
        byte[] bytes = partial.toByteArray();
        int end = bytes.length;
        int last = end - 1;
        while (last > end - LONGEST_CHARACTER && (bytes[last] & 0xC0) == 0x80) {
            last--;
        }
        if ((bytes[last] & 0xC0) == 0xC0 && Integer.numberOfLeadingZeros(~bytes[last] << 24) > end - last) {
            end = last;
        }
        partial.reset();
        partial.write(bytes, 0, end);
        emit();
        partial.write(bytes, end, bytes.length - end);
    }

    private void emit() {
        String line = partial.toString(StandardCharsets.UTF_8);
        partial.reset();
        lines.accept(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
    }
}
