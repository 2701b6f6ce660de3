package dev.procpool.internal.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UninterruptedTest {
    @AfterEach
    void noInterruptIsLeft() {
        assertThat(Thread.interrupted()).isFalse();
    }

    private static int size(boolean interruptsItself) throws IOException {
        try (PrivateFile file = PrivateFile.create(10)) {
            if (interruptsItself) {
                Thread.currentThread().interrupt();
            }
            return file.channel().read(ByteBuffer.allocate(100));
        }
    }

    @Test
    void worksUnderAnInterruptOfBefore() throws IOException {
        Thread.currentThread().interrupt();
        assertThat(Uninterrupted.<Integer>get(() -> size(false))).isEqualTo(10);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void beginsAgainAfterAnInterruptInTheMiddle() throws IOException {
        AtomicInteger attempts = new AtomicInteger();
        assertThat(Uninterrupted.<Integer>get(() -> size(attempts.incrementAndGet() < 3)))
                .isEqualTo(10);
        assertThat(attempts).hasValue(3);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void failsForOtherReasons() {
        assertThatThrownBy(() -> Uninterrupted.get(() -> {
                    throw new IOException("disk full");
                }))
                .hasMessage("disk full");
    }
}
