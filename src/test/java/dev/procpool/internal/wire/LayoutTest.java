package dev.procpool.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

/** The bytes that both JVMs agree on, against golden files: who changes them has to change the version in the magic. */
class LayoutTest {
    @Test
    void wordsOfTheControlBlock() throws IOException {
        assumeThat(ByteOrder.nativeOrder()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        ControlBlock block = ControlBlock.unshared();
        block.format();
        block.allow(0x0102);
        assertThat(block.tryClaim()).isTrue();
        block.claimNoMore();
        block.allow(0x0102);
        block.callsRead(0x11);
        block.start(0x12);
        block.item(0x13);
        block.childSleeps(true);
        block.callsTail(0x14);
        block.retire();
        block.spin(0x15);
        block.repliesTail(0x16);
        block.repliesRead(0x17);
        block.parentSleeps(true);
        block.beat(0x18);
        block.ending(ControlBlock.ENDING_PROTOCOL);
        block.questions().ask(Questions.CLASS, 0, "a.B");
        block.questions().give(new byte[0x19], 0, 0x19);
        block.questions().take(new byte[0x19], 0, 0x18);
        block.questions().done(1, false);
        StringJoiner rows = new StringJoiner("\n");
        byte[] row = new byte[16];
        for (int at = 0; at < 4096; at += row.length) {
            boolean empty = true;
            for (int i = 0; i < row.length; i++) {
                row[i] = block.headerByte(at + i);
                empty &= row[i] == 0;
            }
            if (!empty) {
                rows.add(String.format("%4d  %s", at, HexFormat.ofDelimiter(" ").formatHex(row)));
            }
        }
        assertThat(rows.toString()).isEqualTo(golden("control-block.hex"));
    }

    @Test
    void aFrame() throws IOException {
        assumeThat(ByteOrder.nativeOrder()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        Payload body = new Payload();
        body.writeVarInt(300);
        body.writeInt(0x01020304);
        body.writeLong(0x1112131415161718L);
        Ring ring = ControlBlock.unshared().calls();
        ring.putInt(0, (int) body.length() + 1);
        ring.putByte(4, Frames.TASK);
        ring.put(Frames.HEADER, body.buffer(), 0, (int) body.length());
        byte[] frame = new byte[(int) Frames.spaceFor(body.length())];
        ring.get(0, frame, 0, frame.length);
        assertThat(HexFormat.ofDelimiter(" ").formatHex(frame)).isEqualTo(golden("frame.hex"));
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(LayoutTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
        }
    }
}
