package dev.procpool.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.internal.wire.ControlBlock;
import dev.procpool.internal.wire.Frames;
import dev.procpool.internal.wire.Ring;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a child gone mad may put into its reply ring: frames come out, or an IOException, and soon. */
class ReplyReaderFuzzTest {
    private static final Duration BUDGET = Duration.ofSeconds(2);

    private final ControlBlock block = ControlBlock.unshared();
    private final Recorder recorder = new Recorder();

    private static final class Recorder implements FrameSink {
        final List<Integer> lengths = new ArrayList<>();

        @Override
        public void frame(byte kind, byte[] buffer, int offset, int length) {
            assertThat(length).isNotNegative();
            assertThat(offset + length).isLessThanOrEqualTo(buffer.length);
            lengths.add(length);
        }

        @Override
        public void frameLost(byte kind, long length, OutOfMemoryError why) {
            throw why; // no frame of these tests is so long
        }
    }

    @Test
    void framesOrAnIoExceptionWhateverTheRingHolds() {
        long until = System.nanoTime() + BUDGET.toNanos();
        for (long seed = 0; System.nanoTime() - until < 0; seed++) {
            tryOnce(new Random(seed));
        }
    }

    private void tryOnce(Random random) {
        block.format();
        recorder.lengths.clear();
        long tail = fill(random);
        ReplyReader reader = new ReplyReader(block);
        block.repliesTail(random.nextInt(8) == 0 ? random.nextLong() : tail);
        try {
            reader.takeFrames(recorder, () -> false);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reply ring");
        }
    }

    /** Some sound frames, of which a few bytes are then changed. */
    private long fill(Random random) {
        Ring ring = block.replies();
        long tail = 0;
        for (int frames = random.nextInt(20); frames > 0; frames--) {
            byte[] body = new byte[random.nextInt(random.nextBoolean() ? 40 : 4000)];
            random.nextBytes(body);
            ring.putInt(tail, body.length + 1);
            ring.putByte(tail + Integer.BYTES, (byte) random.nextInt(25));
            ring.put(tail + Frames.HEADER, body, 0, body.length);
            tail += Frames.spaceFor(body.length);
        }
        for (int changes = random.nextInt(4); changes > 0 && tail > 0; changes--) {
            long at = random.nextInt((int) tail);
            if (random.nextBoolean()) {
                ring.putByte(at, (byte) random.nextInt());
            } else {
                ring.putInt(at & ~3L, random.nextBoolean() ? random.nextInt() : random.nextInt(100_000));
            }
        }
        return tail;
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, ControlBlock.REPLIES_CAPACITY + 1L})
    void aTailThatCannotBe(long tail) {
        block.format();
        block.repliesTail(tail);
        assertThat(failureOfTaking()).hasMessageContaining("claims to hold");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void aLengthThatCannotBe(int length) {
        block.format();
        block.replies().putInt(0, length);
        block.repliesTail(64);
        assertThat(failureOfTaking()).hasMessageContaining("a frame of length");
    }

    private IOException failureOfTaking() {
        try {
            new ReplyReader(block).takeFrames(recorder, () -> false);
        } catch (IOException e) {
            return e;
        }
        throw new AssertionError("it was believed");
    }
}
