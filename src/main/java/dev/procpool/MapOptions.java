package dev.procpool;

import dev.procpool.internal.pool.Checks;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** How {@link TaskExecutor#map} cuts, buffers and orders its work. Immutable: each method returns a changed copy. */
public final class MapOptions {
    private static final MapOptions DEFAULTS =
            new MapOptions(OptionalInt.empty(), OptionalInt.empty(), false, Optional.empty());

    private final OptionalInt chunkSize;
    private final OptionalInt bufferSize;
    private final boolean unordered;
    private final Optional<Duration> timeout;

    private MapOptions(OptionalInt chunkSize, OptionalInt bufferSize, boolean unordered, Optional<Duration> timeout) {
        this.chunkSize = chunkSize;
        this.bufferSize = bufferSize;
        this.unordered = unordered;
        this.timeout = timeout;
    }

    /** Adaptive chunks, a bounded buffer, results in the order of the items, no deadline. */
    public static MapOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Sets how many items travel together. Too few: each pays for a message of its own; too many: the last chunk keeps
     * one worker busy while the others wait. By default the size adapts to the measured cost of an item.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public MapOptions chunkSize(int items) {
        return new MapOptions(OptionalInt.of(Checks.atLeast("chunkSize", items, 1)), bufferSize, unordered, timeout);
    }

    /**
     * Sets how many items may be taken from the source ahead of the consumer. Too few: workers wait for the consumer;
     * too many: memory. The default is bounded, so that an infinite source works.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public MapOptions bufferSize(int items) {
        return new MapOptions(chunkSize, OptionalInt.of(Checks.atLeast("bufferSize", items, 1)), unordered, timeout);
    }

    /** Delivers each result as soon as it is there, not in the order of the items. */
    public MapOptions unordered() {
        return new MapOptions(chunkSize, bufferSize, true, timeout);
    }

    /**
     * Sets the deadline of each item, counted from the moment it really starts; past it the item's place throws
     * {@link TaskTimeoutException}.
     *
     * @throws IllegalArgumentException if it is zero, negative or null
     */
    public MapOptions timeout(Duration timeout) {
        return new MapOptions(chunkSize, bufferSize, unordered, Optional.of(Checks.positive("timeout", timeout)));
    }

    /** The fixed number of items that travel together, or empty when it adapts. */
    public OptionalInt chunkSize() {
        return chunkSize;
    }

    /** How many items may be taken ahead of the consumer, or empty for the default. */
    public OptionalInt bufferSize() {
        return bufferSize;
    }

    /** Whether results come in the order they finish. */
    public boolean isUnordered() {
        return unordered;
    }

    /** The deadline of each item, if any. */
    public Optional<Duration> timeout() {
        return timeout;
    }
}
