package dev.procpool.internal.codec;

import java.io.InvalidObjectException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What it costs to put the objects of one graph into hash tables while it is rebuilt. A hash table asks each key for its
 * hash code, a collection asks all that it holds, and one that can be reached in many ways is asked once for each: thirty
 * sets, each of which is in both sets of the level above, take a billion steps, and with some more nobody sees the end.
 *
 * <p>Every object is shown when it is complete, before it gets into another one. A step is a hash code of something that
 * is no collection of the JDK's. Those that the keys of a hash table have taken are counted when it is complete; what its
 * keys cost was counted before in the tables that they hold, so that the limit can't be passed by much more than twice. A
 * list costs nothing as long as nobody hashes it; so one that would cost far too much is rejected before anybody can.
 *
 * <p>Not counted: classes of the user's, whose code does as it likes anyway.
 */
final class HashWork {
    /** The steps that are allowed at least; they take some tenths of a second. */
    static final long STEPS = 10_000_000;
    /** Further steps for each byte, so that nothing is rejected for being large. */
    static final int STEPS_PER_BYTE = 16;
    /** What one collection may cost that is in no hash table yet, and may never be. */
    static final long STEPS_AT_ONCE = 1_000_000_000;

    private static final long UNLIMITED = Long.MAX_VALUE / 4;

    private final long limit;
    /** The steps that it takes to hash a collection; only of those that hold others. */
    private final IdentityHashMap<Object, Long> costs = new IdentityHashMap<>();

    private long steps;

    HashWork(long bytes) {
        limit = STEPS + STEPS_PER_BYTE * bytes;
    }

    /** Counts an object that is complete. */
    void completed(@Nullable Object object) throws InvalidObjectException {
        if (object instanceof Map<?, ?> map && isKnown(map)) {
            completed(map);
        } else if (object instanceof Collection<?> collection && isKnown(collection)) {
            completed(collection);
        } else if (object instanceof Map.Entry<?, ?> entry && isOfJdk(entry)) {
            keep(entry, sum(cost(entry.getKey()), cost(entry.getValue())), 2);
        }
    }

    private void completed(Map<?, ?> map) throws InvalidObjectException {
        long keys = 0;
        long all = 0;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            keys = sum(keys, cost(entry.getKey()));
            all = sum(all, cost(entry.getValue()));
        }
        if (map instanceof HashMap || map instanceof ConcurrentHashMap || map instanceof Hashtable) {
            hashed(keys);
        }
        keep(map, sum(keys, all), 2L * map.size());
    }

    private void completed(Collection<?> collection) throws InvalidObjectException {
        long all = 0;
        for (Object element : collection) {
            all = sum(all, cost(element));
        }
        if (collection instanceof Set) {
            hashed(all);
        }
        keep(collection, all, collection.size());
    }

    private void hashed(long keys) throws InvalidObjectException {
        steps = sum(steps, keys);
        if (steps > limit) {
            throw tooExpensive(limit);
        }
    }

    private void keep(Object object, long cost, long least) throws InvalidObjectException {
        if (cost > STEPS_AT_ONCE) {
            throw tooExpensive(STEPS_AT_ONCE);
        }
        if (cost > least) {
            costs.put(object, cost);
        }
    }

    private long cost(@Nullable Object object) {
        if (object instanceof Collection<?> collection && isKnown(collection)) {
            return costs.getOrDefault(object, 1L + collection.size());
        }
        if (object instanceof Map<?, ?> map && isKnown(map)) {
            return costs.getOrDefault(object, 1 + 2L * map.size());
        }
        return object instanceof Map.Entry ? costs.getOrDefault(object, 1L) : 1;
    }

    private static long sum(long a, long b) {
        return Math.min(a + b, UNLIMITED);
    }

    /** Whether it can be looked through without running code that we know nothing of. */
    private static boolean isKnown(Object collection) {
        return isOfJdk(collection) || collection instanceof HashSet || collection instanceof HashMap;
    }

    private static boolean isOfJdk(Object object) {
        return object.getClass().getClassLoader() == null;
    }

    private static InvalidObjectException tooExpensive(long limit) {
        return new InvalidObjectException(
                "collections refer to each other in so many ways that to hash them takes more than " + limit
                        + " steps (set another resultFilter to allow more)");
    }
}
