package dev.procpool.lab.report;

import dev.procpool.lab.measure.Configuration;
import dev.procpool.lab.measure.Metric;
import dev.procpool.lab.stats.Bootstrap;
import dev.procpool.lab.stats.PoolSimulator.Costs;
import java.util.Optional;

/**
 * What the Spark executor charges for tasks submitted one by one.
 *
 * @param costs the driver's work for a task
 * @param startUp seconds until the first executor has done its first task
 * @param isMeasured whether this run measured it; otherwise it is assumed
 */
record SparkModel(Costs costs, double startUp, boolean isMeasured) {
    /** 20,000 tasks in 558 ms, as SparkFigures measured it once on two cores; see src/docs/parts/spark.md. */
    private static final SparkModel ASSUMED = new SparkModel(new Costs(28e-6, 0, 0, 0, 0), 5, false);

    static SparkModel of(Samples costs) {
        Optional<Configuration> spark = costs.first(c -> c.executor().equals("spark"));
        return spark.map(c -> new SparkModel(
                        new Costs(Bootstrap.median(costs.of(c, Metric.BATCH)) / c.count(), 0, 0, 0, 0),
                        Bootstrap.median(costs.of(c, Metric.STARTUP)),
                        true))
                .orElse(ASSUMED);
    }

    String describe() {
        return "Spark stands for our executor on Spark: " + Numbers.seconds(costs.dispatch())
                + " of the driver for a task and " + Numbers.seconds(startUp) + " until the first one is done, "
                + (isMeasured
                        ? "as measured here."
                        : "an assumption from another run on two cores; with --executors spark it is measured.");
    }
}
