package dev.procpool.lab;

import dev.procpool.SerializableCallable;

/** Jobs of users, most of which make trouble. */
public final class BadJobs {
    private BadJobs() {}

    /** Works. */
    public static final class Fine implements SerializableCallable<Integer> {
        @Override
        public Integer call() {
            return 42;
        }
    }

    /** Throws. */
    public static final class Throwing implements SerializableCallable<Integer> {
        @Override
        public Integer call() {
            throw new IllegalStateException("no luck today");
        }
    }

    /** Takes its JVM with it. */
    public static final class Halting implements SerializableCallable<Integer> {
        @Override
        public Integer call() {
            Runtime.getRuntime().halt(7);
            return 0;
        }
    }

    /** Can't be made. */
    public static final class Unmakable implements SerializableCallable<Integer> {
        /** Needs something. */
        public Unmakable(int ignored) {}

        @Override
        public Integer call() {
            return 0;
        }
    }
}
