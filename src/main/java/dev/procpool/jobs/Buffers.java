package dev.procpool.jobs;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** The buffers that files are read into. */
final class Buffers {
    /** Fits the second-level cache of a core, where the copies out of and into the channel stay. */
    private static final int LARGEST = 64 * 1024;

    private Buffers() {}

    /** A buffer for reading {@code file} from start to end: whole if it is small, else piece by piece. */
    static byte[] forReading(FileChannel file) throws IOException {
        return new byte[(int) Math.min(Math.max(file.size(), 1), LARGEST)];
    }
}
