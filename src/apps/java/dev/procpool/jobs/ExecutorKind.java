package dev.procpool.jobs;

import dev.procpool.ProcessPoolExecutor;
import dev.procpool.TaskExecutor;
import java.lang.reflect.InvocationTargetException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where the jobs run: the values of {@code --executor}. */
public enum ExecutorKind {
    /** A pool of child JVMs. */
    PROCESSES {
        @Override
        public TaskExecutor create(int workers, @Nullable String master) {
            return ProcessPoolExecutor.create(workers);
        }
    },
    THREADS {
        @Override
        public TaskExecutor create(int workers, @Nullable String master) {
            return TaskExecutor.threads(workers);
        }
    },
    FORKJOIN {
        @Override
        public TaskExecutor create(int workers, @Nullable String master) {
            return TaskExecutor.forkJoin(workers);
        }
    },
    VIRTUAL {
        @Override
        public TaskExecutor create(int workers, @Nullable String master) {
            return TaskExecutor.virtualThreads();
        }

        @Override
        public void requireAvailable() {
            create(1, null).close();
        }
    },
    SEQUENTIAL {
        @Override
        public TaskExecutor create(int workers, @Nullable String master) {
            return TaskExecutor.sequential();
        }
    },
    /** A fresh JVM for each job. */
    SPAWN {
        @Override
        public TaskExecutor create(int workers, @Nullable String master) {
            return TaskExecutor.spawn(workers);
        }
    },
    SPARK {
        /** By reflection, since the Spark part and Spark itself are an option that few want on their class path. */
        @Override
        public TaskExecutor create(int workers, @Nullable String master) {
            try {
                Class<?> type = sparkExecutor();
                Object executor = master == null
                        ? type.getMethod("onPrivateCluster", int.class).invoke(null, workers)
                        : type.getMethod("connect", String.class, int.class).invoke(null, master, workers);
                return (TaskExecutor) executor;
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof RuntimeException told) {
                    throw told;
                }
                throw new IllegalStateException("Spark did not start: " + e.getCause(), e);
            } catch (ReflectiveOperationException e) {
                throw new LinkageError("the Spark part is of another version", e);
            }
        }

        @Override
        public void requireAvailable() {
            sparkExecutor();
        }
    };

    private static Class<?> sparkExecutor() {
        try {
            Class.forName("org.apache.spark.SparkContext", false, ExecutorKind.class.getClassLoader());
            return Class.forName("dev.procpool.spark.SparkExecutor");
        } catch (ClassNotFoundException e) {
            throw new UnsupportedOperationException(
                    "the Spark executor needs Spark on the class path: the commands in bin/ fetch it by themselves,"
                            + " a program of your own depends on org.apache.spark:spark-core_2.13",
                    e);
        }
    }

    /**
     * Checks what can be checked without starting anything.
     *
     * @throws UnsupportedOperationException if this JVM or class path can't offer the kind
     */
    public void requireAvailable() {}

    /**
     * Makes an executor of this kind.
     *
     * @param workers how many tasks run at the same time, where the kind lets one choose
     * @param master the Spark master to connect to; null for a cluster of its own
     * @throws UnsupportedOperationException if this JVM or class path can't offer the kind
     * @throws IllegalArgumentException if the kind can't have that many workers
     */
    public abstract TaskExecutor create(int workers, @Nullable String master);

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
