package dev.procpool.internal.launch;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How the workers of a pool are launched and watched.
 *
 * @param poolName the name of the pool, for threads and messages
 * @param javaHome the JDK or JRE to run
 * @param classPath the entries of the class path
 * @param jvmArgs further options of the JVM, the last word on what the pool chooses by itself
 * @param environment variables to add to, or replace in, the inherited environment
 * @param workingDirectory where workers run; null for the parent's
 * @param launchPrefix a command that runs the command which follows it, such as {@code nice -n 5}
 * @param heapSize the largest heap in bytes; empty for a share of the machine
 * @param workers how many share the machine
 * @param heartbeatTimeout after which silence a worker is taken for dead
 * @param startTimeout how long a worker may take to become ready
 * @param output where printed lines go
 * @param served where workers get the classes from that are not on files
 */
public record WorkerSpec(
        String poolName,
        Path javaHome,
        List<String> classPath,
        List<String> jvmArgs,
        Map<String, String> environment,
        @Nullable Path workingDirectory,
        List<String> launchPrefix,
        OptionalLong heapSize,
        int workers,
        Duration heartbeatTimeout,
        Duration startTimeout,
        LineSink output,
        ServedClasses served) {
    /** Makes paths absolute: workers may run in another folder than this JVM. */
    public WorkerSpec {
        List<String> absolute = new ArrayList<>();
        for (String entry : classPath) {
            absolute.add(new File(entry).getAbsolutePath()); // no Path: an entry may end with *
        }
        classPath = List.copyOf(absolute);
        javaHome = javaHome.toAbsolutePath();
    }

    /** Takes printed lines, one call a line. */
    public interface LineSink {
        /** Takes one line without its end; {@code error} tells stderr from stdout. */
        void line(String worker, boolean error, String line);

        /** Prints them where this JVM prints, with the worker's name in front. */
        static LineSink inherited() {
            return (worker, error, line) -> (error ? System.err : System.out).println("[" + worker + "] " + line);
        }
    }

    /** How often a child shows that it is alive: often enough that one late beat doesn't look like death. */
    public long heartbeatPeriodMillis() {
        return heartbeatPeriodMillis(200);
    }

    /** The same while it has nothing to do. */
    public long idleHeartbeatPeriodMillis() {
        return heartbeatPeriodMillis(1000);
    }

    private long heartbeatPeriodMillis(long longest) {
        return Math.max(1, Math.min(longest, heartbeatTimeout.toMillis() / 8));
    }
}
