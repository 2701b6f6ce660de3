package dev.procpool.lab.measure;

/**
 * Work of known length that touches no memory: a chain of multiplications that no compiler can shorten. It counts steps
 * and not time, so that a worker that gets less of a core takes longer, as real work would.
 */
public final class SpinTask {
    private static final long MULTIPLIER = 6_364_136_223_846_793_005L;
    private static final long INCREMENT = 1_442_695_040_888_963_407L;
    private static final int CALIBRATIONS = 500;
    private static final long CALIBRATION_STEPS = 200_000;

    private SpinTask() {}

    /** Does {@code steps} steps; the result depends on every one of them. */
    static long run(long steps) {
        long x = 1;
        for (long i = 0; i < steps; i++) {
            x = x * MULTIPLIER + INCREMENT;
        }
        return x;
    }

    /** The result of {@link #run}, in a time that grows with the logarithm of {@code steps}: for checking. */
    static long expected(long steps) {
        long multiplier = 1;
        long increment = 0;
        long powerMultiplier = MULTIPLIER;
        long powerIncrement = INCREMENT;
        for (long rest = steps; rest > 0; rest >>= 1) {
            if ((rest & 1) == 1) {
                multiplier *= powerMultiplier;
                increment = increment * powerMultiplier + powerIncrement;
            }
            powerIncrement *= powerMultiplier + 1;
            powerMultiplier *= powerMultiplier;
        }
        return multiplier + increment;
    }

    /**
     * How many steps the machine does in a microsecond: the best of many tries, since noise only slows down, and each
     * so short that even on a busy machine some are not interrupted.
     */
    public static double calibrate() {
        double best = 0;
        for (int i = 0; i < CALIBRATIONS; i++) {
            long start = System.nanoTime();
            if (run(CALIBRATION_STEPS) != expected(CALIBRATION_STEPS)) {
                throw new AssertionError("the spin loop computed something else");
            }
            best = Math.max(best, CALIBRATION_STEPS * 1e3 / (System.nanoTime() - start));
        }
        return best;
    }
}
