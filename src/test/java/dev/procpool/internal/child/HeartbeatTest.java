package dev.procpool.internal.child;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.internal.wire.ControlBlock;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
    private static final long FOR_EVER_MILLIS = 3_600_000;

    private final ControlBlock block = ControlBlock.unshared();
    private final Heartbeat heartbeat = new Heartbeat(block, 0, 1, FOR_EVER_MILLIS, "no-mark", new HeapWatch());

    @Test
    void slowDownsAreOver_whenTheCallLoopWakesUp() throws Exception {
        block.childSleeps(true);
        heartbeat.start();
        for (int i = 0; i < 100; i++) {
            awaitRest();
            long before = block.heartbeat();
            block.childSleeps(false);
            heartbeat.quicken();
            while (block.heartbeat() < before + 3) { // the test's time limit ends this if it stays slow
                Thread.onSpinWait();
            }
            block.childSleeps(true);
        }
        assertThat(heartbeat.isAlive()).isTrue();
    }

    @Test
    void beatsOn_whileATaskRunsForLong() {
        block.childSleeps(false);
        heartbeat.start();
        while (block.heartbeat() < 20) {
            Thread.onSpinWait();
        }
        assertThat(block.heartbeat()).isGreaterThanOrEqualTo(20);
        block.childSleeps(true); // from here on it rests, for nobody ends it
    }

    /** Until there was no beat for 20 times as long as it takes while there is something to do. */
    private void awaitRest() throws InterruptedException {
        long last;
        do {
            last = block.heartbeat();
            Thread.sleep(20);
        } while (block.heartbeat() != last);
    }
}
