package dev.procpool.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.procpool.internal.wire.ControlBlock;
import dev.procpool.internal.wire.Frames;
import dev.procpool.internal.wire.Ring;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** Guided by coverage: the frame reader of the parent. */
@Tag("fuzz")
@Timeout(value = 1, unit = TimeUnit.HOURS)
class GuidedReplyReaderFuzzTest {
    private final ControlBlock block = ControlBlock.unshared();
    private final Recorder recorder = new Recorder();

    private static final class Recorder implements FrameSink {
        @Override
        public void frame(byte kind, byte[] buffer, int offset, int length) {
            assertThat(length).isNotNegative();
            assertThat(offset + length).isLessThanOrEqualTo(buffer.length);
        }

        @Override
        public void frameLost(byte kind, long length, OutOfMemoryError why) {
            throw why; // no frame of these tests is so long
        }
    }

    /** The child writes what it likes, where it likes, and says that it has written as much as it likes. */
    @FuzzTest
    void framesOrAnIoExceptionWhateverTheRingHolds(FuzzedDataProvider data) {
        block.format();
        ReplyReader reader = new ReplyReader(block);
        Ring ring = block.replies();
        long tail = 0;
        try {
            while (data.remainingBytes() > 0) {
                switch (data.consumeInt(0, 5)) {
                    case 0 -> tail = append(ring, tail, data.consumeBytes(64));
                    case 1 -> tail = append(ring, tail, new byte[data.consumeInt(0, ring.capacity() / 2)]);
                    case 2 -> ring.putInt(tail & ~3L, data.consumeInt());
                    case 3 -> ring.putByte(tail + data.consumeInt(-100, 100), data.consumeByte());
                    case 4 -> tail += data.consumeInt(0, 1 << 17);
                    default -> tail = data.consumeLong();
                }
                block.repliesTail(tail);
                reader.takeFrames(recorder, () -> false);
                assertThat(block.repliesRead()).isBetween(0L, tail);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reply ring");
        }
    }

    private static long append(Ring ring, long tail, byte[] body) {
        ring.putInt(tail & ~3L, body.length + 1);
        ring.putByte(tail + Integer.BYTES, Frames.VALUE);
        ring.put(tail + Frames.HEADER, body, 0, body.length);
        return tail + Frames.spaceFor(body.length);
    }
}
