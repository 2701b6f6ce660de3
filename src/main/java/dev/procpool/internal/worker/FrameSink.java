package dev.procpool.internal.worker;

/** Takes the frames of a reply ring, in order; called under the consumer lock. */
interface FrameSink {
    /** A whole frame. Must be short and run no foreign code; the buffer is the caller's, unless the frame fills it. */
    void frame(byte kind, byte[] buffer, int offset, int length);

    /** A frame of {@code length} bytes for which this JVM has no memory. */
    void frameLost(byte kind, long length, OutOfMemoryError why);
}
