package dev.procpool.lab;

import dev.procpool.lab.measure.Parameters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * What to measure and how.
 *
 * @param parameters what is measured
 * @param out the folder for the results
 * @param timeLimit no measurement starts after this time; what is missing then is said in the report
 * @param trialLimit a measurement that takes longer has failed
 * @param simulateCores the core counts of the simulated machines
 * @param launcher how to start one of the project's commands: from its name to the first words of a command line
 * @param replayOnly measure nothing if the folder holds what the simulator needs
 */
public record LabOptions(
        Parameters parameters,
        Path out,
        Duration timeLimit,
        Duration trialLimit,
        List<Integer> simulateCores,
        Function<String, List<String>> launcher,
        boolean replayOnly) {}
