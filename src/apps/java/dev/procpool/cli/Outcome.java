package dev.procpool.cli;

import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What became of one job: a value, or the reason why there is none.
 *
 * @param <T> the type of the value
 */
sealed interface Outcome<T> {
    /** The job returned {@code value}. */
    record Done<T>(T value) implements Outcome<T> {
        @Override
        public void accept(Consumer<? super T> onValue, Consumer<String> onFailure) {
            onValue.accept(value);
        }

        @Override
        public <R> Outcome<R> flatMap(Function<? super T, Outcome<R>> next) {
            return next.apply(value);
        }
    }

    /** The job failed, for a {@code reason} in words. */
    record Failed<T>(String reason) implements Outcome<T> {
        @Override
        public void accept(Consumer<? super T> onValue, Consumer<String> onFailure) {
            onFailure.accept(reason);
        }

        @Override
        public <R> Outcome<R> flatMap(Function<? super T, Outcome<R>> next) {
            return new Failed<>(reason);
        }
    }

    /** Hands the value to {@code onValue} or the reason to {@code onFailure}. */
    void accept(Consumer<? super T> onValue, Consumer<String> onFailure);

    /** What {@code next} makes of the value; the same failure if there is none. */
    <R> Outcome<R> flatMap(Function<? super T, Outcome<R>> next);
}
