package dev.procpool.cli;

/** Tells whether this JVM is on its way out, after Ctrl-C for instance. */
final class Shutdown {
    private Shutdown() {}

    /**
     * Does not return if the JVM is shutting down. Jobs that fail then fail because their workers are being stopped, and
     * to say so would be noise.
     */
    static void joinIfInProgress() {
        try {
            Runtime.getRuntime().removeShutdownHook(new Thread());
        } catch (IllegalStateException shutdownInProgress) {
            // Waits for the shutdown that is under way; its exit code stands.
            System.exit(1);
        }
    }
}
