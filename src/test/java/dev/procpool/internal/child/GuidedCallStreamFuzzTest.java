package dev.procpool.internal.child;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.procpool.internal.wire.ControlBlock;
import dev.procpool.internal.wire.Frames;
import dev.procpool.internal.wire.Payload;
import dev.procpool.internal.wire.Ring;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** Guided by coverage: the frame reader of the child. Whatever is asked of it, in whatever pieces, it gives the bytes of this frame alone. */
@Tag("fuzz")
@Timeout(value = 1, unit = TimeUnit.HOURS)
class GuidedCallStreamFuzzTest {
    private final ControlBlock block = ControlBlock.unshared();

    @FuzzTest
    void theBytesOfEachFrame(FuzzedDataProvider data) throws IOException {
        block.format();
        CallStream calls = new CallStream(block);
        long tail = 0;
        while (data.remainingBytes() > 0) {
            byte[] body = new byte[data.consumeInt(0, data.consumeBoolean() ? 100 : 200_000)];
            Arrays.fill(body, data.consumeByte());
            byte[] start = data.consumeBytes(40);
            System.arraycopy(start, 0, body, 0, Math.min(start.length, body.length));
            tail = append(tail, body);

            assertThat(calls.next()).isEqualTo(Frames.TASK);
            read(calls, body, data);
            calls.finish();
            assertThat(block.callsRead()).isEqualTo(tail);
        }
    }

    private long append(long tail, byte[] body) {
        Ring ring = block.calls();
        ring.putInt(tail, body.length + 1);
        ring.putByte(tail + Integer.BYTES, Frames.TASK);
        ring.put(tail + Frames.HEADER, body, 0, body.length);
        long end = tail + Frames.spaceFor(body.length);
        block.callsTail(end);
        return end;
    }

    /** Every read gives what is at its place, or says that the frame ends before. */
    private static void read(CallStream calls, byte[] body, FuzzedDataProvider data) throws IOException {
        for (int reads = data.consumeInt(0, 8); reads > 0; reads--) {
            int at = body.length - (int) calls.remaining();
            int left = (int) calls.remaining();
            try {
                switch (data.consumeInt(0, 6)) {
                    case 0 -> assertThat((byte) calls.readByte()).isEqualTo(body[at]);
                    case 1 -> {
                        Payload expected = new Payload();
                        expected.writeInt(calls.readInt());
                        expectBytes(expected.buffer(), 4, body, at);
                    }
                    case 2 -> {
                        Payload expected = new Payload();
                        expected.writeLong(calls.readLong());
                        expectBytes(expected.buffer(), 8, body, at);
                    }
                    case 3 -> {
                        byte[] target = new byte[data.consumeInt(0, 100_000)];
                        calls.readFully(target, 0, target.length);
                        expectBytes(target, target.length, body, at);
                    }
                    case 4 -> {
                        int count = data.consumeInt(0, 100_000);
                        calls.skip(count);
                        assertThat(calls.remaining()).isEqualTo(left - count);
                    }
                    case 5 -> {
                        int length = data.consumeInt(0, 100_000);
                        InputStream view = calls.asInputStream(length);
                        byte[] all = view.readAllBytes();
                        assertThat(all.length).isEqualTo(Math.min(length, left));
                        expectBytes(all, all.length, body, at);
                    }
                    default -> assertThat(calls.readLength()).isBetween(0, left);
                }
            } catch (EOFException e) {
                return; // asked for more than there is: nothing sensible can follow in this frame
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("variable-length number");
                return;
            }
        }
    }

    private static void expectBytes(byte[] found, int count, byte[] body, int at) {
        assertThat(at + count).isLessThanOrEqualTo(body.length);
        assertThat(Arrays.equals(found, 0, count, body, at, at + count)).isTrue();
    }
}
