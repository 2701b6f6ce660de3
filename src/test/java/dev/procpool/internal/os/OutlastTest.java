package dev.procpool.internal.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OutlastTest {
    private static OutOfMemoryError full() {
        return new OutOfMemoryError("Java heap space");
    }

    @Test
    void aStepIsDoneAgainUntilThereIsMemory() {
        AtomicInteger tries = new AtomicInteger();
        FullHeap.outlast(() -> {
            if (tries.incrementAndGet() < 3) {
                throw new InternalError(full()); // as Java reports it when it links a lambda
            }
        });
        assertThat(tries).hasValue(3);
        assertThat(FullHeap.wasLately()).isTrue();
    }

    @Test
    void anyOtherFailureIsTheCallers() {
        AtomicInteger tries = new AtomicInteger();
        assertThatThrownBy(() -> FullHeap.outlast(() -> {
                    tries.incrementAndGet();
                    throw new IllegalStateException("of the step");
                }))
                .hasMessage("of the step");
        assertThat(tries).hasValue(1);
    }

    @Test
    void aLackOfThreadsIsNoFullHeap() {
        assertThat(FullHeap.isCauseOf(full())).isTrue();
        assertThat(FullHeap.isCauseOf(new IllegalArgumentException("Self-suppression not permitted", full())))
                .isTrue();
        assertThat(FullHeap.isCauseOf(new OutOfMemoryError("unable to create native thread")))
                .isFalse();
        assertThat(FullHeap.isCauseOf(new IllegalStateException("else"))).isFalse();
    }
}
