package dev.procpool.bench;

/**
 * How long a contestant measures.
 *
 * @param warmUpNanos how long it runs before it counts
 * @param batches how many samples it takes of each figure
 * @param batchNanos how long each of them takes, roughly
 */
record Effort(long warmUpNanos, int batches, long batchNanos) {
    private static final Effort QUICK = new Effort(1_000_000_000L, 5, 150_000_000L);
    private static final Effort FULL = new Effort(4_000_000_000L, 9, 400_000_000L);

    /** Of the name that the driver gives: {@code quick} or {@code full}. */
    static Effort of(String name) {
        return switch (name) {
            case "quick" -> QUICK;
            case "full" -> FULL;
            default -> throw new IllegalArgumentException("effort must be quick or full, but is " + name);
        };
    }

    boolean isQuick() {
        return equals(QUICK);
    }
}
