package dev.procpool;

import java.io.Serializable;

/**
 * A function that can travel to another process; what {@link TaskExecutor#map} applies to each item.
 *
 * @param <T> the type of the items
 * @param <R> the type of the results
 */
@FunctionalInterface
public interface SerializableFunction<T, R> extends Serializable {
    /**
     * Applies this function.
     *
     * @param item the item
     * @return the result for that item
     * @throws Exception whatever the function throws; it reaches the consumer of the stream at that item's place
     */
    R apply(T item) throws Exception;
}
