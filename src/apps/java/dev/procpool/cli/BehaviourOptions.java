package dev.procpool.cli;

import dev.procpool.flags.SiteBehaviour;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How the sites DELAY and ERROR behave: the options that {@code flags} and {@code flags-server} share. */
final class BehaviourOptions {
    @Option(
            names = "--max-delay",
            paramLabel = "SECONDS",
            description = "the longest latency of DELAY; the shortest is 0.5 (default: 5, or 1 with flags --compare)")
    private @Nullable Double maxDelay;

    @Option(
            names = "--error-rate",
            paramLabel = "SHARE",
            description = "the share of requests that ERROR fails, from 0 to 1 (default: 0.25)")
    private @Nullable Double errorRate;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "another seed, other delays and errors; the same, the same (default: 1)")
    private @Nullable Long seed;

    /** Whether the user asked for anything here. */
    boolean isGiven() {
        return maxDelay != null || errorRate != null || seed != null;
    }

    /** The behaviour asked for, with {@code usual} where nothing was. */
    SiteBehaviour get(SiteBehaviour usual, CommandSpec spec) {
        try {
            return new SiteBehaviour(
                    maxDelay == null ? usual.maxDelay() : duration(maxDelay),
                    errorRate == null ? usual.errorRate() : errorRate,
                    seed == null ? usual.seed() : seed);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
