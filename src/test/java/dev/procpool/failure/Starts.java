package dev.procpool.failure;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Counts in a file how often each of many tasks was started: appending four bytes is atomic. */
final class Starts {
    private Starts() {}

    /** The task: notes that it was started, then halts or returns its number. */
    static int count(String file, int number, boolean halt) throws IOException {
        byte[] entry = ByteBuffer.allocate(4).putInt(number).array();
        Files.write(Path.of(file), entry, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return halt ? Faults.halt(3) : number;
    }

    /** How often each was started. */
    static int[] of(String file, int count) {
        int[] starts = new int[count];
        try {
            ByteBuffer entries = ByteBuffer.wrap(Files.readAllBytes(Path.of(file)));
            while (entries.hasRemaining()) {
                starts[entries.getInt()]++;
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return starts;
    }
}
