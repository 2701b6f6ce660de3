package dev.procpool.spark;

import org.apache.spark.SparkEnv;

/**
 * Looks after the task that an executor runs. Code that has to end, because its deadline has passed or its task was
 * cancelled, is interrupted; if that doesn't help, this JVM ends, and Spark starts another one in its place.
 */
final class Watch implements AutoCloseable, Runnable {
    private static final int TICK_MILLIS = 10;
    /** How long interrupted code may take to end by itself. */
    private static final int GRACE_MILLIS = 100;
    /** As the shell reports a process that was killed. */
    private static final int EXIT_KILLED = 137;

    /** What Spark calls the driver where it calls others by number. */
    private static final String DRIVER = "driver";

    private final LeaseLoop loop;
    private final Thread thread = new Thread(this, "procpool-watch");

    /** Starts to watch {@code loop}. */
    Watch(LeaseLoop loop) {
        this.loop = loop;
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        int ticksOfGrace = GRACE_MILLIS / TICK_MILLIS;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(TICK_MILLIS);
                ticksOfGrace = loop.look() ? ticksOfGrace - 1 : GRACE_MILLIS / TICK_MILLIS;
                if (ticksOfGrace <= 0 && loop.giveUp() && !isDriver()) {
                    Runtime.getRuntime().halt(EXIT_KILLED);
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether this JVM is the driver itself, as in Spark's local mode. */
    static boolean isDriver() {
        return DRIVER.equals(SparkEnv.get().executorId());
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
