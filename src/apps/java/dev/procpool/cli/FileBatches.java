package dev.procpool.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Cuts a stream of files into tasks of which workers take one after the other and end together: large files alone and
 * first, so that none is left over at the end, then small files in groups. A few groups go ahead at once, so that the
 * workers have something to do while the rest is still being looked for.
 */
final class FileBatches {
    /** A task of this many bytes takes some milliseconds: long against its message, short against the whole run. */
    static final long TASK_BYTES = 8L << 20;

    /** What opening and closing a file costs, in bytes that could be digested meanwhile. */
    static final long FILE_BYTES = 64L << 10;

    /** What goes ahead: little enough not to matter if a very large file comes after it. */
    static final long HEAD_START = 16 * TASK_BYTES;

    private final Consumer<List<Integer>> submit;
    private final List<Batch> held = new ArrayList<>();
    private Batch group = new Batch();
    private long ahead;

    /** Tasks go to {@code submit}, each as the indices of its files. */
    FileBatches(Consumer<List<Integer>> submit) {
        this.submit = submit;
    }

    /** Adds file {@code index} of {@code size} bytes. */
    void add(int index, long size) {
        if (size >= TASK_BYTES) {
            Batch alone = new Batch();
            alone.add(index, size);
            held.add(alone);
            return;
        }
        group.add(index, size);
        if (group.cost >= TASK_BYTES) {
            if (ahead < HEAD_START) {
                ahead += group.cost;
                submit.accept(group.files);
            } else {
                held.add(group);
            }
            group = new Batch();
        }
    }

    /** Submits what is still held. */
    void finish() {
        if (!group.files.isEmpty()) {
            held.add(group);
        }
        held.sort(Comparator.comparingLong((Batch batch) -> batch.cost).reversed());
        held.forEach(batch -> submit.accept(batch.files));
    }

    private static final class Batch {
        final List<Integer> files = new ArrayList<>();
        long cost;

        void add(int index, long size) {
            files.add(index);
            cost += size + FILE_BYTES;
        }
    }
}
