package dev.procpool.jobs;

import java.io.Serializable;
import java.util.function.Consumer;

/**
 * What became of one job: a value, or the reason why there is none.
 *
 * @param <T> the type of the value
 */
public sealed interface Outcome<T> extends Serializable {
    /** The job returned {@code value}. */
    record Done<T>(T value) implements Outcome<T> {
        @Override
        public void accept(Consumer<? super T> onValue, Consumer<String> onFailure) {
            onValue.accept(value);
        }
    }

    /** The job failed, for a {@code reason} in words. */
    record Failed<T>(String reason) implements Outcome<T> {
        @Override
        public void accept(Consumer<? super T> onValue, Consumer<String> onFailure) {
            onFailure.accept(reason);
        }
    }

    /** Hands the value to {@code onValue} or the reason to {@code onFailure}. */
    void accept(Consumer<? super T> onValue, Consumer<String> onFailure);
}
