package dev.procpool.jobs;

import java.util.SplittableRandom;

/** Random buffers that can be made again: same seed, index and size, same bytes, in any JVM. */
public final class RandomData {
    private RandomData() {}

    /** Buffer {@code index} of the run with this {@code seed}. */
    public static byte[] bytes(long seed, int index, int size) {
        // Two steps, since the streams of neighbouring seeds of a SplittableRandom overlap: mix first, then start
        // there.
        SplittableRandom random = new SplittableRandom(new SplittableRandom(seed + index).nextLong());
        byte[] data = new byte[size];
        random.nextBytes(data);
        return data;
    }
}
