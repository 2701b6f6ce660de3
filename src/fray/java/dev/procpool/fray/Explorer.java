package dev.procpool.fray;

import dev.procpool.Scenario;
import dev.procpool.Scenarios;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import kotlin.Unit;
import org.jspecify.annotations.Nullable;
import org.pastalab.fray.core.TestRunner;
import org.pastalab.fray.core.command.Configuration;
import org.pastalab.fray.core.command.ExecutionInfo;
import org.pastalab.fray.core.command.LambdaExecutor;
import org.pastalab.fray.core.command.NetworkDelegateType;
import org.pastalab.fray.core.command.SystemTimeDelegateType;
import org.pastalab.fray.core.randomness.ControlledRandom;
import org.pastalab.fray.core.randomness.Randomness;
import org.pastalab.fray.core.randomness.RandomnessProvider;
import org.pastalab.fray.core.scheduler.PCTScheduler;
import org.pastalab.fray.core.scheduler.POSScheduler;
import org.pastalab.fray.core.scheduler.RandomScheduler;
import org.pastalab.fray.core.scheduler.SURWScheduler;
import org.pastalab.fray.core.scheduler.Scheduler;

/** Runs scenarios under schedule after schedule, until one fails or the time is over. */
final class Explorer {
    /** What the simulated clock goes on by at each step of any thread: twice, so a step takes two microseconds. */
    private static final long CLOCK_TICK_NANOS = 1_000;
    /** More steps than any scenario takes: then some threads go round and round. */
    private static final int MOST_STEPS = 3_000_000;

    private final PrintStream console = System.out;
    private final Settings settings;

    private Explorer(Settings settings) {
        this.settings = settings;
    }

    private record Settings(
            Map<String, Scenario> scenarios,
            List<String> schedulers,
            double seconds,
            int schedules,
            long seed,
            boolean untilFirst,
            Path reports) {
        static Settings of(String[] args) {
            Map<String, Scenario> scenarios = new LinkedHashMap<>();
            List<String> schedulers = List.of("pos", "random");
            double seconds = 60;
            int schedules = -1;
            long seed = System.currentTimeMillis();
            boolean untilFirst = false;
            Path reports = Path.of("reports");
            for (int i = 0; i < args.length; i++) {
                switch (args[i]) {
                    case "--seconds" -> seconds = Double.parseDouble(args[++i]);
                    case "--minutes" -> seconds = 60 * Double.parseDouble(args[++i]);
                    case "--schedules" -> schedules = Integer.parseInt(args[++i]);
                    case "--scheduler" -> schedulers = List.of(args[++i].split(","));
                    case "--seed" -> seed = Long.parseLong(args[++i]);
                    case "--until-first" -> untilFirst = true;
                    case "--reports" -> reports = Path.of(args[++i]);
                    default -> {
                        Scenario scenario = Scenarios.ALL.get(args[i]);
                        if (scenario == null) {
                            throw new IllegalArgumentException(
                                    args[i] + " is none of the scenarios " + Scenarios.ALL.keySet());
                        }
                        scenarios.put(args[i], scenario);
                    }
                }
            }
            return new Settings(
                    scenarios.isEmpty() ? Scenarios.ALL : scenarios,
                    schedulers,
                    seconds,
                    schedules,
                    seed,
                    untilFirst,
                    reports);
        }
    }

    public static void main(String[] args) {
        boolean sound = new Explorer(Settings.of(args)).explore();
        Runtime.getRuntime().halt(sound ? 0 : 1); // threads of a run that failed may be anywhere
    }

    private boolean explore() {
        double share = settings.seconds / settings.scenarios.size() / settings.schedulers.size();
        boolean sound = true;
        for (Map.Entry<String, Scenario> entry : settings.scenarios.entrySet()) {
            if (!settings.untilFirst) { // by the real clock, one that hangs would take long
                sound &= rehearse(entry.getKey(), entry.getValue());
            }
            for (String scheduler : settings.schedulers) {
                Exploration exploration = new Exploration(entry.getKey(), entry.getValue(), scheduler, share);
                sound &= exploration.run();
                if (settings.untilFirst && !sound) {
                    return false;
                }
            }
        }
        return sound;
    }

    /** Without a scheduler: classes that load in the middle of a schedule would make it another one. */
    private boolean rehearse(String name, Scenario scenario) {
        try {
            scenario.play();
            return true;
        } catch (Throwable e) {
            console.printf("FAILED   %-32s without a scheduler%n", name);
            e.printStackTrace(console);
            return false;
        }
    }

    /** One scenario under one scheduler. */
    private final class Exploration implements RandomnessProvider {
        private final String name;
        private final Scenario scenario;
        private final String scheduler;
        private final double seconds;
        private final long start = System.nanoTime();
        private long nextSeed = settings.seed;
        private @Nullable Configuration configuration;

        Exploration(String name, Scenario scenario, String scheduler, double seconds) {
            this.name = name;
            this.scenario = scenario;
            this.scheduler = scheduler;
            this.seconds = seconds;
        }

        @Override
        public Randomness getRandomness() {
            return new ControlledRandom(new ArrayList<>(), new ArrayList<>(), new Random(nextSeed++));
        }

        boolean run() {
            System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
            Throwable finding;
            try {
                configuration = configure();
                finding = new TestRunner(configuration).run();
            } finally {
                System.setOut(console);
            }
            double took = (System.nanoTime() - start) / 1e9;
            int schedules = configuration.getCurrentIteration() + (finding == null ? 0 : 1);
            console.printf(
                    "%-8s %-32s %-7s %6d schedules %6.1f s%n",
                    finding == null ? "ok" : "FAILED", name, scheduler, schedules, took);
            if (finding != null) {
                report(finding);
            }
            return finding == null;
        }

        private void report(Throwable finding) {
            finding.printStackTrace(console);
            console.printf(
                    "    again: src/fray/run --scheduler %s --seed %d --schedules 1 %s%n",
                    scheduler, nextSeed - 1, name);
        }

        private Unit play() {
            try {
                if (configuration.elapsedTime()
                        > 1000 * seconds) { // by the real clock, which System has no more in here
                    configuration.setIter(configuration.getCurrentIteration() + 1);
                }
                scenario.play();
                return Unit.INSTANCE;
            } catch (Throwable e) {
                throw Explorer.<RuntimeException>unchecked(e);
            }
        }

        private Configuration configure() {
            return new Configuration(
                    new ExecutionInfo(new LambdaExecutor(this::play), false, false, MOST_STEPS),
                    settings.reports.resolve(name + "-" + scheduler),
                    settings.schedules,
                    Integer.MAX_VALUE,
                    firstScheduler(),
                    this,
                    false,
                    false,
                    true, // no exit when a bug is found
                    false,
                    false,
                    false,
                    NetworkDelegateType.NONE,
                    SystemTimeDelegateType.MOCK,
                    CLOCK_TICK_NANOS,
                    false, // timed waits take their time, of the simulated clock
                    false,
                    false,
                    false,
                    false,
                    scheduler.equals("surw"),
                    null);
        }

        private Scheduler firstScheduler() {
            Randomness randomness = getRandomness();
            return switch (scheduler) {
                case "pos" -> new POSScheduler(randomness);
                case "random" -> new RandomScheduler(randomness);
                case "pct" -> new PCTScheduler(randomness, 3, 0);
                case "surw" -> new SURWScheduler(randomness);
                default -> throw new IllegalArgumentException(scheduler + " is none of pos, random, pct, surw");
            };
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
