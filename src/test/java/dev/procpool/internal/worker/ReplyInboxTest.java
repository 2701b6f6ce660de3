package dev.procpool.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.internal.wire.ControlBlock;
import dev.procpool.internal.wire.Frames;
import org.junit.jupiter.api.Test;

/** The child is this test: it publishes frames without a body, and what it is told of bells it may forget. */
class ReplyInboxTest {
    private final ControlBlock block = ControlBlock.unshared();
    private final Recorder recorder = new Recorder();
    private final ReplyInbox inbox = new ReplyInbox(block, recorder, new Backlog(() -> {}), why -> {
        throw new AssertionError(why);
    });
    private long position;

    private static final class Recorder implements Worker.Listener {
        private Runnable meanwhile = () -> {};
        private int frames;

        @Override
        public void started(Worker worker) {}

        @Override
        public int framesTaken() {
            return 1;
        }

        @Override
        public void deliver(int turn) {
            meanwhile.run();
        }

        @Override
        public void printed(Worker.Line line) {}

        @Override
        public void lineDropped() {}

        @Override
        public void ended(Death death) {}

        @Override
        public void frame(byte kind, byte[] buffer, int offset, int length) {
            frames++;
        }

        @Override
        public void frameLost(byte kind, long length, OutOfMemoryError why) {}
    }

    private void publish() {
        block.replies().putInt(position, 1);
        block.replies().putByte(position + Integer.BYTES, Frames.VALUE);
        position += Frames.spaceFor(0);
        block.repliesTail(position);
    }

    @Test
    void whoHasDrainedIsWokenAgain() {
        inbox.drain();
        assertThat(block.wakeParent()).isTrue();
    }

    /** The bell for it may have found the lock taken. */
    @Test
    void whoHasDrainedLooksOnceMore() {
        publish();
        recorder.meanwhile = () -> {
            recorder.meanwhile = () -> {};
            publish();
        };
        inbox.drain();
        assertThat(recorder.frames).isEqualTo(2);
    }

    @Test
    void whatADeadChildHasLeftIsTakenOut() {
        publish();
        inbox.close();
        assertThat(recorder.frames).isEqualTo(1);
    }

    /** By then it is another worker's. */
    @Test
    void afterTheEndTheBlockIsLeftAlone() {
        inbox.close();
        publish();
        inbox.drain();
        inbox.help(() -> false, 0);
        assertThat(recorder.frames).isZero();
        assertThat(block.repliesRead()).isZero();
    }
}
