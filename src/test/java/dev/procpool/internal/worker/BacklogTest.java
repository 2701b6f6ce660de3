package dev.procpool.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final String LINE = "x".repeat(1000);

    private final AtomicInteger resumed = new AtomicInteger();
    private final Backlog backlog = new Backlog(resumed::incrementAndGet);

    private int fill() {
        int lines = 0;
        while (!backlog.isFull()) {
            backlog.add(LINE);
            lines++;
        }
        return lines;
    }

    @Test
    void whoWasHeldUpIsResumedOnceThereIsMuchRoom() {
        assertThat(backlog.holdsUp()).isFalse();
        int lines = fill();
        assertThat(backlog.holdsUp()).isTrue();
        backlog.remove(LINE);
        assertThat(resumed).hasValue(0);
        for (int i = 1; i < lines; i++) {
            backlog.remove(LINE);
        }
        assertThat(resumed).hasValue(1);
        assertThat(backlog.holdsUp()).isFalse();
    }

    @Test
    void nobodyIsResumedWhoWasNotHeldUp() {
        for (int lines = fill(); lines > 0; lines--) {
            backlog.remove(LINE);
        }
        assertThat(resumed).hasValue(0);
    }

    @Test
    void nobodyWaitsForRoomAfterTheEnd() throws InterruptedException {
        fill();
        backlog.lift();
        backlog.awaitRoom();
        assertThat(backlog.isFull()).isTrue();
    }
}
