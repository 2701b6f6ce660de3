package dev.procpool.internal.codec;

import dev.procpool.internal.wire.Payload;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What this process has defined for others: number → bytes that a receiver must have got, through
 * {@link TaskDecoder#define}, before it reads a payload that {@linkplain Payload#definitions() asks for} that number.
 * Numbers count from 1 and are never used again. A definition may itself ask for others; a payload that asks for it
 * asks for those too, so a sender has nothing to look up. Thread-safe.
 *
 * <p>Definitions of lambda shapes stay for ever (some 300 bytes for each lambda expression that was ever sent), those
 * of shared values until these are closed.
 */
public final class Definitions {
    static final int SHAPE = 1;
    static final int HANDLE = 2;
    static final int LOADER = 3;

    private static final AtomicInteger LAST = new AtomicInteger();
    private static final AtomicInteger FORGOTTEN = new AtomicInteger();
    private static final ConcurrentMap<Integer, Payload> BODIES = new ConcurrentHashMap<>();

    private Definitions() {}

    /** Makes {@code body}, which must not change any more, a definition and returns its number. */
    public static int define(Payload body) {
        int id = LAST.incrementAndGet();
        BODIES.put(id, body);
        return id;
    }

    /**
     * Defines a class loader of this process, about which there is nothing to say: a receiver asks for what it finds. To
     * be {@linkplain #forget forgotten} when it is gone.
     */
    public static int defineLoader() {
        Payload body = new Payload();
        body.writeByte(LOADER);
        return define(body.detach());
    }

    /**
     * The bytes of a definition, to be read only; any number of threads may do that.
     *
     * @return null if it has been forgotten: a shared value was closed before a task that uses it reached the receiver
     */
    public static @Nullable Payload body(int id) {
        return BODIES.get(id);
    }

    /** Drops a definition. Receivers that have it should {@linkplain TaskDecoder#forget forget} it too. */
    public static void forget(int id) {
        if (BODIES.remove(id) != null) {
            FORGOTTEN.incrementAndGet();
        }
    }

    /**
     * Changes whenever a definition is forgotten. A sender that sees a new value looks which of the definitions that
     * its receiver has are {@linkplain #body gone} here.
     */
    public static int generation() {
        return FORGOTTEN.get();
    }

    /** Says that the receiver of {@code payload} must know definition {@code id}, and whatever that builds upon. */
    static void require(int id, Payload payload) {
        payload.require(id);
        Payload body = BODIES.get(id);
        if (body != null) {
            for (int needed : body.definitions()) {
                payload.require(needed);
            }
        }
    }
}
