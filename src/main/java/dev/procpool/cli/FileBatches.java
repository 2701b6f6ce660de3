package dev.procpool.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Cuts a list of files into tasks of which workers take one after the other and end together. */
final class FileBatches {
    /** A task of this many bytes takes some milliseconds: long against its message, short against the whole run. */
    private static final long TASK_BYTES = 8L << 20;

    /** What opening and closing a file costs, in bytes that could be digested meanwhile. */
    private static final long FILE_BYTES = 64L << 10;

    private FileBatches() {}

    /**
     * Groups the readable files: the largest first and alone, so that none is left over at the end, then the small ones
     * together.
     *
     * @return for each task the indices of its files in {@code files}
     */
    static List<List<Integer>> plan(List<FileTree.Entry> files) {
        List<Integer> largestFirst = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            if (files.get(i).failure() == null) {
                largestFirst.add(i);
            }
        }
        largestFirst.sort(
                Comparator.comparingLong((Integer i) -> files.get(i).size()).reversed());

        List<List<Integer>> batches = new ArrayList<>();
        List<Integer> batch = new ArrayList<>();
        long bytes = 0;
        for (int i : largestFirst) {
            batch.add(i);
            bytes += files.get(i).size() + FILE_BYTES;
            if (bytes >= TASK_BYTES) {
                batches.add(batch);
                batch = new ArrayList<>();
                bytes = 0;
            }
        }
        if (!batch.isEmpty()) {
            batches.add(batch);
        }
        return batches;
    }
}
