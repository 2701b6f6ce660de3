package dev.procpool.internal.launch;

import dev.procpool.internal.os.ProcessTree;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many pools this JVM is inside of, and how many there may be inside each other. Without a limit a class whose
 * initialiser makes a pool, and a task that needs this class, would start workers of workers until the machine gives up.
 *
 * <p>The depth travels in two ways, so that nobody loses it by accident: as an option of the worker's JVM, which survives
 * a launch prefix that wipes the environment, and as the marks in the environment, which survive a JVM that a task starts
 * by itself. The larger of the two counts.
 */
public final class Nesting {
    /** The system property that sets the limit; workers inherit it. */
    public static final String LIMIT_PROPERTY = "procpool.maxDepth";

    /** The limit without that property. */
    public static final int DEFAULT_LIMIT = 3;

    private static final String DEPTH_PROPERTY = "procpool.depth";

    private Nesting() {}

    /**
     * To be called before a pool is made.
     *
     * @param pool what is to be made, for the message
     * @throws IllegalStateException if its workers would be deeper than the limit
     * @throws IllegalArgumentException if the limit is no whole number from 1 on
     */
    public static void check(String pool) {
        int depth = depth();
        int limit = limit();
        if (depth >= limit) {
            throw new IllegalStateException(pool + " was not made: this JVM is a worker inside of " + depth
                    + " pools, and no more may be inside of each other, since most likely a task, or a static initialiser"
                    + " that it runs, makes the same pool again in every worker; if it is meant, set -D"
                    + LIMIT_PROPERTY + "=" + (depth + 1) + " or more");
        }
    }

    /** What tells a worker of this JVM its depth, and the limit if one was set. */
    public static List<String> options() {
        List<String> options = new ArrayList<>(2);
        options.add("-D" + DEPTH_PROPERTY + "=" + (depth() + 1));
        String limit = System.getProperty(LIMIT_PROPERTY); // perhaps set by the program, so it isn't among its options
        if (limit != null) {
            options.add("-D" + LIMIT_PROPERTY + "=" + limit);
        }
        return options;
    }

    /** How many pools this JVM is inside of: 0 unless it is a worker, or was started by one. */
    static int depth() {
        return Math.max(Integer.getInteger(DEPTH_PROPERTY, 0), marks(System.getenv(ProcessTree.MARK_VARIABLE)));
    }

    private static int marks(@Nullable String variable) {
        int marks = 0;
        for (int at = 0; variable != null && (at = variable.indexOf(Launcher.END_OF_MARK, at)) >= 0; at++) {
            marks++;
        }
        return marks;
    }

    private static int limit() {
        String limit = System.getProperty(LIMIT_PROPERTY);
        if (limit == null) {
            return DEFAULT_LIMIT;
        }
        int number = limit.matches("[0-9]{1,9}") ? Integer.parseInt(limit) : 0;
        if (number < 1) {
            throw new IllegalArgumentException(
                    LIMIT_PROPERTY + " must be a whole number of at least 1, but is \"" + limit + "\"");
        }
        return number;
    }
}
