package dev.procpool.lab.bench;

import java.nio.file.Path;
import java.util.Set;

/**
 * What a run is asked for.
 *
 * @param root the folder of the project, which has the sources, {@code bin} and {@code target}
 * @param jar the runnable jar of the commands, whose classes our contestants use
 * @param quick whether to measure for seconds where one would like minutes
 * @param groups the groups of figures to measure, of {@link Group}
 * @param rounds how many processes of each contestant there are
 * @param out the folder for the reports
 */
public record BenchOptions(Path root, Path jar, boolean quick, Set<Group> groups, int rounds, Path out) {}
