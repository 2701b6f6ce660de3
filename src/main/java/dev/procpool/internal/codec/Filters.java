package dev.procpool.internal.codec;

import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import org.jspecify.annotations.Nullable;

/** Limits for what is rebuilt from the bytes of another process. */
public final class Filters {
    /** How deep a graph may be nested: more than Java serialization can write with a default thread stack. */
    static final int MAX_DEPTH = 10_000;
    /** The longest array within a graph. */
    static final int MAX_ARRAY = 256 * 1024 * 1024;
    /** The bytes of one graph. */
    static final long MAX_BYTES = 1L << 30;

    private static final ObjectInputFilter DEFAULT = Filters::checkLimits;

    private Filters() {}

    /**
     * The filter for results and exceptions that a worker sends, unless the user has set another one. It rejects graphs
     * of more than 10,000 levels, arrays of more than 268,435,456 elements inside of a graph, and graphs of more than
     * 1 GiB, and says which of them it was. Classes are not filtered: any that the parent can load and that is
     * serialisable may come. Java serialization also rejects what takes too long to be put into hash tables: collections
     * that hold each other in so many ways that their hash codes take more than 10,000,000 steps and 16 for each byte.
     *
     * <p>Strings, boxed primitives and arrays of primitives that are themselves the result are no graphs, and limited
     * by the size of a frame alone. Besides, with any filter or none, an array can't claim to be longer than
     * the bytes that came could fill.
     */
    public static ObjectInputFilter defaultFilter() {
        return DEFAULT;
    }

    /** What watches the hashing of a stream with the default filter, which can't see it: it isn't told what refers to what. */
    static @Nullable HashWork hashWork(@Nullable ObjectInputFilter filter) {
        return filter instanceof WithinBytes within && within.filter == DEFAULT ? new HashWork(within.bytes) : null;
    }

    private static ObjectInputFilter.Status checkLimits(ObjectInputFilter.FilterInfo info) {
        limit("nesting", info.depth(), MAX_DEPTH);
        limit("array length", info.arrayLength(), MAX_ARRAY);
        limit("bytes", info.streamBytes(), MAX_BYTES);
        return ObjectInputFilter.Status.UNDECIDED;
    }

    /** Exceptions of a filter become the cause of the rejection: the only way to give a reason. */
    private static void limit(String what, long value, long limit) {
        if (value > limit) {
            throw new IllegalArgumentException(what + " " + value + " is over the limit of " + limit
                    + " (set another resultFilter to allow more)");
        }
    }

    /**
     * A filter that also keeps a few broken bytes from asking for gigabytes. The JDK allocates an array, or the table of
     * a hash map, before it reads the first element; but each element needs a byte at least. A map of n entries has
     * 2n of them and a table of up to 8/3 n.
     */
    static ObjectInputFilter withinBytes(int bytes, @Nullable ObjectInputFilter filter) {
        return new WithinBytes(bytes, filter);
    }

    /** Asks {@code filter} about a class whose code a lambda would run, as Java serialization asks about any class. */
    static void check(Class<?> type, ObjectInputFilter filter) throws InvalidClassException {
        if (filter.checkInput(new ClassInfo(type)) == ObjectInputFilter.Status.REJECTED) {
            throw new InvalidClassException(type.getName(), "rejected by the filter");
        }
    }

    private record ClassInfo(Class<?> serialClass) implements ObjectInputFilter.FilterInfo {
        @Override
        public long arrayLength() {
            return -1;
        }

        @Override
        public long depth() {
            return 1;
        }

        @Override
        public long references() {
            return 1;
        }

        @Override
        public long streamBytes() {
            return 0;
        }
    }

    /** A class and no lambda: it is on the start-up path of a worker. */
    private static final class WithinBytes implements ObjectInputFilter {
        private final int bytes;
        private final @Nullable ObjectInputFilter filter;

        WithinBytes(int bytes, @Nullable ObjectInputFilter filter) {
            this.bytes = bytes;
            this.filter = filter;
        }

        @Override
        public Status checkInput(FilterInfo info) {
            if (info.arrayLength() > 4L * bytes + 64) {
                throw new IllegalArgumentException("an array of " + info.arrayLength() + " elements in too few bytes");
            }
            return filter == null ? Status.UNDECIDED : filter.checkInput(info);
        }
    }
}
