package dev.procpool;

import dev.procpool.spark.SparkCluster;
import dev.procpool.spark.SparkExecutor;
import java.time.Duration;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract, for {@code SparkExecutor} on a cluster of two workers. */
@Tag("spark")
class SparkContractTest extends QueueingExecutorContract {
    private static SparkCluster cluster;
    private static JavaSparkContext context;

    /** One context for all tests, since a JVM can have only one: for the executors of two slots and of one. */
    @BeforeAll
    static void connect() {
        cluster = SparkCluster.start(2, 2);
        context = new JavaSparkContext(new SparkConf()
                .setMaster(cluster.master())
                .setAppName("contract")
                .set("spark.executor.cores", "1")
                .set("spark.cores.max", "3")
                .set("spark.executor.memory", "512m")
                .set("spark.executor.extraJavaOptions", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.task.maxFailures", "1")
                .set("spark.scheduler.mode", "FAIR")
                .set("spark.ui.enabled", "false")
                .set("spark.log.level", "ERROR"));
        awaitExecutors();
    }

    /** The first ones take long to start, on a busy machine longer than a test may wait. */
    private static void awaitExecutors() {
        try (TaskExecutor first = executor(1)) {
            first.submit(Tasks::answer).join();
        }
    }

    @AfterAll
    static void disconnect() {
        if (context != null) {
            context.stop();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @Override
    TaskExecutor create(int workers) {
        return executor(workers);
    }

    private static TaskExecutor executor(int workers) {
        return SparkExecutor.builder()
                .over(context)
                .cores(workers)
                .connectTimeout(Duration.ofSeconds(100))
                .build();
    }
}
