package dev.procpool.internal.worker;

import dev.procpool.internal.wire.ControlBlock;
import dev.procpool.internal.wire.Frames;

/** The reading of replies, alone: whoever publishes, reads and rings is up to the scenario. */
public final class Replies {
    private final ControlBlock block = ControlBlock.unshared();
    private final ReplyInbox inbox = new ReplyInbox(block, new Nobody(), new Backlog(() -> {}), why -> {
        throw new AssertionError(why);
    });
    private long position;

    /** Nobody reads, so a bell is asked for. */
    public Replies() {
        block.parentSleeps(true);
    }

    /** As a child does; true if it has to ring. */
    public boolean publish() {
        block.replies().putInt(position, 1);
        block.replies().putByte(position + Integer.BYTES, Frames.VALUE);
        position += Frames.spaceFor(0);
        block.repliesTail(position);
        return block.wakeParent();
    }

    /** As whoever was rung for, or has time. */
    public void read() {
        inbox.drain();
    }

    /** Whether nothing lies there. */
    public boolean areRead() {
        return !inbox.isAnythingThere();
    }

    private static final class Nobody implements Worker.Listener {
        @Override
        public void started(Worker worker) {}

        @Override
        public int framesTaken() {
            return -1;
        }

        @Override
        public void deliver(int turn) {}

        @Override
        public void printed(Worker.Line line) {}

        @Override
        public void lineDropped() {}

        @Override
        public void ended(Death death) {}

        @Override
        public void frame(byte kind, byte[] buffer, int offset, int length) {}

        @Override
        public void frameLost(byte kind, long length, OutOfMemoryError why) {}
    }
}
