package dev.procpool.lab.report;

import dev.procpool.lab.stats.PoolSimulator.Costs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From which scale on Spark is the better choice, by the model. A pool has the cores of one machine, Spark those of several,
 * for the price of its start and of a slower driver. On the same cores it can't win; with more of them it does as soon as
 * the work is large enough to win back the start:
 *
 * <pre>
 *   pool: work / (n · e(n))      Spark on k machines: start + work / (k n · e'(k n))      e: efficiency
 * </pre>
 */
final class SparkCrossover {
    private static final List<Integer> MACHINES = List.of(2, 10);
    private static final List<Double> LENGTHS = List.of(1e-3, 1e-2, 0.1, 1.0, 10.0);

    private final Costs pool;
    private final SparkModel spark;
    private final List<Integer> cores;

    SparkCrossover(Costs pool, SparkModel spark, List<Integer> cores) {
        this.pool = pool;
        this.spark = spark;
        this.cores = cores;
    }

    void addTo(List<Block> blocks, List<String> verdict, Map<String, Object> data) {
        List<String> header = new ArrayList<>(List.of("cores of a machine", "machines with Spark"));
        LENGTHS.forEach(length -> header.add("tasks of " + Numbers.roundSeconds(length)));
        List<List<String>> rows = new ArrayList<>();
        Map<String, Map<Double, Double>> breakEven = new LinkedHashMap<>();
        for (int n : cores) {
            for (int machines : MACHINES) {
                List<String> row = new ArrayList<>(List.of(Integer.toString(n), Integer.toString(machines)));
                Map<Double, Double> ofScale = new LinkedHashMap<>();
                for (double length : LENGTHS) {
                    double seconds = secondsOfPool(n, machines, length);
                    ofScale.put(length, seconds);
                    row.add(Double.isInfinite(seconds) ? "never" : Numbers.seconds(seconds));
                }
                breakEven.put(n + " cores, " + machines + " machines", ofScale);
                rows.add(row);
            }
        }
        blocks.add(new Block.Heading(3, "From which scale on Spark is the better choice"));
        blocks.add(new Block.Paragraph(
                "A model. A pool has the cores of one machine; Spark can have several such machines,"
                        + " and pays for them with its start and a slower driver. The table says how long a batch must take the pool on"
                        + " one machine before Spark on so many machines is faster. On the same number of cores it never is. “never”:"
                        + " the driver can't feed the additional cores with tasks that short."));
        blocks.add(new Block.Table(2, header, rows));
        int n = cores.get(0);
        double seconds = secondsOfPool(n, 2, 1);
        verdict.add(
                "Model: on the same cores Spark never overtakes the pool. It is the better choice from two machines on: with "
                        + n + " cores each, for batches of tasks of 1 s that take the pool on one of them more than "
                        + Numbers.seconds(seconds) + ".");
        data.put("sparkBreakEvenSeconds", breakEven);
    }

    /** Infinite if Spark never catches up. */
    private double secondsOfPool(int cores, int machines, double length) {
        double poolSpeed = cores * SimulationSection.efficiency(pool, cores, length, 0);
        double sparkSpeed = cores * machines * SimulationSection.efficiency(spark.costs(), cores * machines, length, 0);
        return sparkSpeed <= poolSpeed ? Double.POSITIVE_INFINITY : spark.startUp() / (1 - poolSpeed / sparkSpeed);
    }
}
