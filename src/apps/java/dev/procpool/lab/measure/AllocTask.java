package dev.procpool.lab.measure;

import dev.procpool.SerializableCallable;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A job that allocates hard: short-lived objects without end, some of which push older ones out of a live set of small
 * linked objects, which is what makes collectors work. The result is a checksum over all it allocated.
 *
 * @param bytes how much to allocate, about
 * @param liveBytes how much to hold at any time, about
 */
record AllocTask(long bytes, long liveBytes) implements SerializableCallable<Long> {
    /** The live set of the scaling job, small enough for many workers in one heap. */
    static final long SCALING_LIVE_BYTES = 8 << 20;

    @Override
    public Long call() {
        Churn churn = new Churn(liveBytes);
        while (churn.allocated < bytes) {
            churn.step();
        }
        return churn.checksum;
    }

    /** The same churn for a given time; the result is how many bytes it allocated. */
    record Timed(long nanos, long liveBytes) implements SerializableCallable<Long> {
        private static final int STEPS_BETWEEN_LOOKS = 1000;

        @Override
        public Long call() {
            Churn churn = new Churn(liveBytes);
            long start = System.nanoTime();
            while (System.nanoTime() - start < nanos) {
                for (int i = 0; i < STEPS_BETWEEN_LOOKS; i++) {
                    churn.step();
                }
            }
            return churn.allocated;
        }
    }

    private static final class Churn {
        private static final int NODE_BYTES = 24 + 16;
        private static final int MIN_PAYLOAD = 16;
        private static final int PAYLOAD_RANGE = 128;
        private static final int AVERAGE_BYTES = NODE_BYTES + MIN_PAYLOAD + PAYLOAD_RANGE / 2;
        private static final int KEEP_ONE_IN = 4;

        private final Random random = new Random(1);
        private final @Nullable Node[] live;
        private long allocated;
        private long checksum;

        Churn(long liveBytes) {
            live = new Node[(int) (liveBytes / AVERAGE_BYTES) + 1];
        }

        void step() {
            byte[] payload = new byte[MIN_PAYLOAD + random.nextInt(PAYLOAD_RANGE)];
            allocated += NODE_BYTES + payload.length;
            payload[0] = (byte) allocated;
            int slot = random.nextInt(live.length * KEEP_ONE_IN);
            if (slot < live.length) {
                Node neighbour = live[(slot + 1) % live.length];
                live[slot] = new Node(payload, neighbour == null ? null : neighbour.payload);
            }
            checksum = checksum * 31 + payload.length + payload[0];
        }
    }

    /** Points into its neighbour, so that references cross regions and generations. */
    private record Node(byte[] payload, byte @Nullable [] neighbour) {}
}
