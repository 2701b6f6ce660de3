package dev.procpool.internal.wire;

/**
 * The frames and their kinds. A frame is a length (four bytes, native order, not counting itself), one byte of kind and
 * the body; frames start at multiples of four.
 *
 * <pre>
 * ┌────────────┬──────┬───────────────┬─────────┐
 * │ length (4) │ kind │ body          │ 0…3 pad │
 * └────────────┴──────┴───────────────┴─────────┘
 *               └──── length bytes ───┘
 * </pre>
 */
public final class Frames {
    /** Bytes before the body. */
    public static final int HEADER = 5;
    /** The longest frame, so that a length always fits an {@code int}. */
    public static final int MAX_LENGTH = Integer.MAX_VALUE - 16;

    // Parent to child. Each call frame starts with the definitions that the child doesn't know yet:
    // a count, then for each its number, its length and its bytes; length -1 means: forget this one.

    /** The first call of each child: codec and initializer. */
    public static final byte INIT = 1;
    /** One task. */
    public static final byte TASK = 2;
    /** A function and the items to apply it to, each answered by a frame of its own and {@link #BATCH_DONE} at the end. */
    public static final byte BATCH = 3;

    // Child to parent. Calls are answered in the order in which they were claimed.

    /** A value. */
    public static final byte VALUE = 10;
    /** A value that is a byte array; the body is its content. */
    public static final byte BYTES = 11;
    /** The task threw. */
    public static final byte THROWN = 12;
    /** The task could not be rebuilt. */
    public static final byte DECODE_FAILED = 13;
    /** The task's value could not be turned into bytes. */
    public static final byte ENCODE_FAILED = 14;
    /** All items of a batch are answered; the body is the nanoseconds it took. */
    public static final byte BATCH_DONE = 15;
    /** Bytes that were printed on {@code System.out}. */
    public static final byte OUT = 20;
    /** Bytes that were printed on {@code System.err}. */
    public static final byte ERR = 21;

    /** What a bell is on a pipe; any other byte there is a fault. */
    public static final byte BELL = '!';

    private Frames() {}

    /** The bytes that a frame with a body of this length takes in a ring. */
    public static long spaceFor(long bodyLength) {
        return HEADER + bodyLength + 3 & ~3L;
    }
}
