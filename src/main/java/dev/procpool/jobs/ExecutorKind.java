package dev.procpool.jobs;

import dev.procpool.ProcessPoolExecutor;
import dev.procpool.TaskExecutor;
import java.lang.reflect.InvocationTargetException;
import java.util.Locale;

/** Where the jobs run: the values of {@code --executor}. */
public enum ExecutorKind {
    /** A pool of child JVMs. */
    PROCESSES {
        @Override
        public TaskExecutor create(int workers, String master) {
            return ProcessPoolExecutor.create(workers);
        }
    },
    THREADS {
        @Override
        public TaskExecutor create(int workers, String master) {
            return TaskExecutor.threads(workers);
        }
    },
    FORKJOIN {
        @Override
        public TaskExecutor create(int workers, String master) {
            return TaskExecutor.forkJoin(workers);
        }
    },
    VIRTUAL {
        @Override
        public TaskExecutor create(int workers, String master) {
            return TaskExecutor.virtualThreads();
        }
    },
    SEQUENTIAL {
        @Override
        public TaskExecutor create(int workers, String master) {
            return TaskExecutor.sequential();
        }
    },
    SPARK {
        /** By reflection, since the Spark part and Spark itself are an option that few want on their class path. */
        @Override
        public TaskExecutor create(int workers, String master) {
            try {
                Class<?> type = Class.forName("dev.procpool.spark.SparkExecutor");
                return (TaskExecutor) type.getMethod("connect", String.class).invoke(null, master);
            } catch (InvocationTargetException e) {
                throw new IllegalStateException("Spark at " + master + " did not start: " + e.getCause(), e);
            } catch (ReflectiveOperationException | LinkageError e) {
                throw new UnsupportedOperationException(
                        "--executor spark needs the Spark part on the class path; bin/spark-cluster fetches it", e);
            }
        }
    };

    /**
     * Makes an executor of this kind.
     *
     * @param workers how many tasks run at the same time, where the kind lets one choose
     * @param master the Spark master to connect to
     * @throws UnsupportedOperationException if this JVM or class path can't offer the kind
     * @throws IllegalArgumentException if the kind can't have that many workers
     */
    public abstract TaskExecutor create(int workers, String master);

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
