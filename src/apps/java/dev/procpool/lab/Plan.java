package dev.procpool.lab;

import dev.procpool.lab.measure.Configuration;
import dev.procpool.lab.measure.Experiment;
import dev.procpool.lab.measure.HeapMeasurer;
import dev.procpool.lab.measure.Parameters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * The trials of a run in the order in which they are measured: round after round, each configuration at most once a
 * round, in an order that the seed shuffles anew each time. So a machine that gets slower meanwhile hurts all alike.
 */
final class Plan {
    /** The worker counts of the classic table. */
    private static final List<Integer> CLASSIC_WORKERS = List.of(1, 2, 3, 4, 8, 12);

    private static final List<Integer> QUICK_CLASSIC_WORKERS = List.of(1, 4);

    private static final List<Integer> REUSE_COUNTS = List.of(1, 2, 4, 8, 16, 32);
    private static final List<Integer> QUICK_REUSE_COUNTS = List.of(1, 4);

    /** What a quick run measures again and again, so that its first verdict counts; there is no time to do so with all. */
    private static final Set<Experiment> REPEATED_WHEN_QUICK = EnumSet.of(Experiment.SCALING, Experiment.CROSSOVER);

    private static final long MICROSECOND = 1_000;
    private static final long SECOND = 1_000_000_000;
    private static final int MAX_TINY_TASKS = 20_000;
    private static final int STEADY_BATCHES = 10;

    /** A loop without data is compiled soon, and there are thousands of tasks in a batch. */
    private static final int SPIN_WARMUP = 5;

    private static final int QUICK_STEADY_BATCHES = 5;

    private final Parameters parameters;
    private final int cores;
    private final List<Template> templates = new ArrayList<>();

    private record Template(Configuration configuration, int warmup, int batches, int rounds) {}

    private Plan(Parameters parameters, int cores) {
        this.parameters = parameters;
        this.cores = cores;
    }

    /**
     * The trials for these parameters.
     *
     * @param cores the cores of this machine
     * @param python whether CPython is there
     */
    static List<Trial> of(Parameters parameters, int cores, boolean python) {
        Plan plan = new Plan(parameters, cores);
        for (Experiment experiment : parameters.experiments()) {
            switch (experiment) {
                case SCALING -> plan.scaling();
                case CROSSOVER -> plan.crossover();
                case HEAPS -> plan.heaps();
                case CLASSIC -> plan.classic(python);
                case REUSE -> plan.reuse();
                case COSTS -> plan.costs();
            }
        }
        return plan.shuffled();
    }

    /** The bytes of a task of {@code job} unless {@code --size} says otherwise; the classic ones for the classic jobs. */
    static long defaultSize(String job) {
        return switch (job) {
            case "arcfour" -> 256 << 10;
            case "sha" -> 1 << 20;
            case "alloc" -> 32 << 20;
            default -> 0;
        };
    }

    private List<Trial> shuffled() {
        int rounds = templates.stream().mapToInt(Template::rounds).max().orElse(0);
        List<Trial> trials = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            List<Trial> ofRound = new ArrayList<>();
            for (Template template : templates) {
                if (round < template.rounds) {
                    ofRound.add(new Trial(template.configuration, round, template.warmup, template.batches));
                }
            }
            Collections.shuffle(ofRound, new Random(parameters.seed() * 1_000_003 + round));
            trials.addAll(ofRound);
        }
        return trials;
    }

    private void scaling() {
        for (String job : parameters.jobs()) {
            for (String executor : parameters.executors()) {
                for (int workers : executor.equals("sequential") ? List.of(1) : parameters.workers()) {
                    Configuration configuration = job(Experiment.SCALING, job, executor, workers, parameters.count());
                    if (executor.equals("spawn")) {
                        add(configuration, 0, 2); // one process for each task has no code to warm up
                    } else {
                        add(configuration, warmup(configuration), steadyBatches());
                    }
                }
            }
        }
    }

    /** Where workers are JVMs, each has to run as many tasks as the one JVM of the others before it is as compiled. */
    private int warmup(Configuration configuration) {
        long batches = (long) parameters.warmup() * Math.max(1, configuration.workerJvms());
        return (int) Math.min(Integer.MAX_VALUE, batches);
    }

    private int steadyBatches() {
        return parameters.quick() ? QUICK_STEADY_BATCHES : STEADY_BATCHES;
    }

    /** Batches of about a fifth of a second (quick: a fiftieth), and at least one task for each worker. */
    private void crossover() {
        long batchNanos = parameters.quick() ? SECOND / 50 : SECOND / 5;
        for (long nanos : lengths()) {
            int count = (int) Math.max(cores, Math.min(MAX_TINY_TASKS, batchNanos * cores / nanos));
            boolean isLong = nanos * count / cores > SECOND / 2;
            int warmup = Math.min(parameters.warmup(), SPIN_WARMUP);
            for (String executor : List.of("threads", "processes")) {
                add(
                        new Configuration(Experiment.CROSSOVER, "spin", executor, cores, count, nanos, ""),
                        isLong ? 0 : warmup,
                        isLong ? 1 : steadyBatches());
            }
        }
    }

    private long[] lengths() {
        long step = parameters.quick() ? 100 : 3;
        return LongStream.iterate(MICROSECOND, nanos -> nanos <= SECOND, nanos -> nextLength(nanos, step))
                .toArray();
    }

    /** From one to the next: times 100, or in steps of 1 and 3. */
    private static long nextLength(long nanos, long step) {
        boolean leadsWithThree = Long.toString(nanos).charAt(0) == '3';
        return leadsWithThree ? nanos / 3 * 10 : nanos * step;
    }

    private void heaps() {
        int workers = Math.max(2, cores);
        int victims = parameters.quick() ? 300 : 2000;
        for (String executor :
                parameters.quick() ? List.of("threads", "processes") : List.of("threads", "threads-zgc", "processes")) {
            for (String job : List.of(HeapMeasurer.ALONE, HeapMeasurer.BESIDE_HOGS)) {
                add(new Configuration(Experiment.HEAPS, job, executor, workers, victims, 0, ""), 0, 0);
            }
        }
    }

    private void classic(boolean python) {
        for (String job : parameters.jobs()) {
            if (!job.equals("arcfour") && !job.equals("sha")) {
                continue;
            }
            for (int workers : parameters.quick() ? QUICK_CLASSIC_WORKERS : CLASSIC_WORKERS) {
                add(job(Experiment.CLASSIC, job, "processes", workers, parameters.count()), 0, 0);
                if (python) {
                    Configuration ours = job(Experiment.CLASSIC, job, "cpython", workers, parameters.count());
                    add(withProvider(ours, ""), 0, 0);
                }
            }
        }
    }

    private void reuse() {
        for (String job : parameters.jobs()) {
            for (int count : parameters.quick() ? QUICK_REUSE_COUNTS : REUSE_COUNTS) {
                for (String executor : List.of("processes", "spawn")) {
                    add(job(Experiment.REUSE, job, executor, cores, count), 0, 0);
                }
            }
        }
    }

    private void costs() {
        int batches = steadyBatches();
        for (int workers : List.of(1, 2)) {
            add(noops("processes", workers, MAX_TINY_TASKS), batches, batches);
        }
        add(noops("processes", 1, 1), 500, 1000);
        for (long bytes : List.of(1L << 20, 16L << 20)) {
            add(new Configuration(Experiment.COSTS, "copy", "processes", 1, 4, bytes, ""), batches, batches);
        }
        if (parameters.executors().contains("spark")) {
            add(noops("spark", Math.min(2, cores), MAX_TINY_TASKS), 2, batches);
        }
    }

    private static Configuration noops(String executor, int workers, int count) {
        return new Configuration(Experiment.COSTS, "spin", executor, workers, count, 0, "");
    }

    private Configuration job(Experiment experiment, String job, String executor, int workers, int count) {
        long size = parameters.size() != null ? parameters.size() : defaultSize(job);
        String provider = job.equals("arcfour") || job.equals("sha") ? parameters.provider() : "";
        return new Configuration(experiment, job, executor, workers, count, size, provider);
    }

    private static Configuration withProvider(Configuration c, String provider) {
        return new Configuration(c.experiment(), c.job(), c.executor(), c.workers(), c.count(), c.size(), provider);
    }

    private void add(Configuration configuration, int warmup, int batches) {
        boolean once = parameters.quick() && !REPEATED_WHEN_QUICK.contains(configuration.experiment());
        templates.add(new Template(configuration, warmup, batches, once ? 1 : parameters.repeat()));
    }
}
