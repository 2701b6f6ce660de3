package dev.procpool.cli;

import dev.procpool.jobs.FileName;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Where a command prints: lines in UTF-8 whatever the locale, names of files with exactly their bytes (see
 * {@link FileName}). Standard output that can't be written, on a full disk or because its reader has left, fails once;
 * what comes after it is dropped. Not thread-safe.
 */
final class Terminal {
    private final OutputStream out;
    private final PrintStream err;
    private boolean failed;

    Terminal(OutputStream out, OutputStream err) {
        this.out = new BufferedOutputStream(out, 1 << 16);
        this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
    }

    /** Puts a line on standard output; it appears at the next {@link #flush} at the latest. */
    void print(String line) {
        if (!failed) {
            try {
                out.write(FileName.encode(line));
                out.write('\n');
            } catch (IOException e) {
                throw failure(e);
            }
        }
    }

    /** Makes all that has been printed appear. */
    void flush() {
        if (!failed) {
            try {
                out.flush();
            } catch (IOException e) {
                throw failure(e);
            }
        }
    }

    private UncheckedIOException failure(IOException e) {
        failed = true;
        return new UncheckedIOException("cannot write to standard output: " + e.getMessage(), e);
    }

    /** Puts a message on standard error, as one line whatever is in it. */
    void error(String message) {
        try {
            flush();
        } catch (UncheckedIOException e) {
            errorLine(String.valueOf(e.getMessage())); // what is to be said now stays the more important failure
        }
        errorLine(message);
    }

    private void errorLine(String message) {
        byte[] line = FileName.encode(message.replace("\r", "\\r").replace("\n", "\\n") + "\n");
        err.write(line, 0, line.length);
        err.flush();
    }

    /** Shows {@code line} on standard error, a terminal, in place of the one before; cut where the terminal ends. */
    void status(String line) {
        err.print("\r\033[K\033[?7l" + line + "\033[?7h");
        err.flush();
    }

    PrintWriter outWriter() {
        return new PrintWriter(out, false, StandardCharsets.UTF_8);
    }

    PrintWriter errorWriter() {
        return new PrintWriter(err, true, StandardCharsets.UTF_8);
    }
}
