package dev.procpool.lab.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Who takes part in a run. */
final class LineUp {
    private static final Set<Group> OF_ALL_PEERS = EnumSet.of(Group.NOOP, Group.LATENCY);
    private static final Set<Group> OF_CPYTHON = EnumSet.of(Group.NOOP, Group.LATENCY, Group.MAP, Group.PAYLOAD);
    private static final Set<Group> OF_C = EnumSet.of(Group.LATENCY, Group.PAYLOAD);

    /**
     * For the JVMs that submit, ours and the peers' alike: a heap of which all pages were touched before. Else a figure
     * tells how long the machine takes for a page that is used for the first time; on a virtual one that can be as long
     * as ten tasks.
     */
    static final List<String> HEAP = List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch");

    private final BenchOptions options;
    private final String effort;
    private final Path folder;
    private final BenchBuild build;
    private final boolean hasC = Programs.find("cc").isPresent();
    private final boolean hasPython = Programs.find("python3").isPresent();

    /** With a build of the benchmarks, and a folder for what the contestants need; it is the caller's to delete. */
    LineUp(BenchOptions options, BenchBuild build, Path folder) {
        this.options = options;
        this.effort = options.quick() ? "quick" : "full";
        this.build = build;
        this.folder = folder;
    }

    /** All contestants of a round. Generates files for them, where they need some. */
    List<Contestant> contestants() throws IOException, InterruptedException {
        List<Contestant> all = new ArrayList<>();
        peers(all);
        if (hasAnyOf(OF_C) && hasC) {
            all.add(Contestant.measuringItself("C pipes", "c", cCommand()));
        }
        for (Group group : EnumSet.range(Group.MAP, Group.STEPS)) {
            if (has(group)) {
                addOurs(group, all);
            }
        }
        if (has(Group.ARCFOUR)) {
            all.add(Contestant.timed(
                    "arcfour-futures", "procpool", "arcfour", 3, List.of(bin("arcfour-futures"), "4")));
            if (hasPython) {
                all.add(Contestant.timed(
                        "CPython arcfour",
                        "cpython",
                        "arcfour",
                        3,
                        List.of("python3", source("python/arcfour_futures.py"), "4")));
            }
        }
        if (has(Group.SHA)) {
            addShaOf("sha.mixed", "mixed", options.quick() ? 100L << 20 : 2L << 30, 200, 4, all);
            addShaOf(
                    "sha.small",
                    "small",
                    options.quick() ? 8L << 20 : 200L << 20,
                    options.quick() ? 2_000 : 50_000,
                    0,
                    all);
        }
        return all;
    }

    /** What is in the line-up only where the machine has it, with what it is missing. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (hasAnyOf(OF_C) && !hasC) {
            missing.add("C pipes: no cc on the PATH");
        }
        if ((hasAnyOf(OF_CPYTHON) || has(Group.ARCFOUR)) && !hasPython) {
            missing.add("CPython: no python3 on the PATH");
        }
        return missing;
    }

    /** Runs before all others and isn't counted: makes the archives from which pools start. */
    Contestant rehearsal() {
        return starting("archive");
    }

    private void peers(List<Contestant> all) {
        if (hasAnyOf(OF_ALL_PEERS)) {
            for (String peer : List.of("forkjoin", "spawn", "pp4j", "hazelcast")) {
                all.add(Contestant.measuringItself(
                        peer,
                        peer,
                        java(HEAP, build.benchmarks().toString(), "PeerMain", withGroups(peer, OF_ALL_PEERS))));
            }
            for (Group group : OF_ALL_PEERS) {
                if (has(group)) {
                    all.add(Contestant.measuringItself(
                            "procpool " + group,
                            "procpool",
                            java(HEAP, ourClassPath(), "PeerMain", List.of("procpool", effort, group.toString()))));
                }
            }
        }
        for (Group group : OF_CPYTHON) {
            if (hasPython && has(group)) {
                all.add(Contestant.measuringItself(
                        "CPython " + group,
                        "cpython",
                        List.of("python3", source("python/cpython_pool.py"), effort, group.toString())));
            }
        }
    }

    private void addOurs(Group group, List<Contestant> all) {
        switch (group) {
            case START -> {
                all.add(starting("start").times(2));
                all.add(starting("cold")
                        .with("XDG_CACHE_HOME", folder.resolve("no-archives"))
                        .times(2));
            }
            case ARCFOUR, SHA, NOOP, LATENCY -> {}
            default -> all.add(ours(group.toString()));
        }
    }

    private void addShaOf(String figure, String name, long bytes, int files, int filesAtATime, List<Contestant> all)
            throws IOException {
        Path data = MixedFiles.create(folder.resolve(name), bytes, files);
        all.add(Contestant.timed(
                "sha-futures, " + name + " files",
                "procpool",
                figure,
                3,
                List.of(bin("sha-futures"), "2", data.toString())));
        // Few large files at a time, or one of the two has them all; of small ones as many as xargs likes.
        String limit = filesAtATime == 0 ? "" : " -n" + filesAtATime;
        all.add(Contestant.timed(
                "xargs sha256sum, " + name + " files",
                "xargs",
                figure,
                3,
                List.of(
                        "sh",
                        "-c",
                        "find \"$0\" -type f -print0 | xargs -0 -P2" + limit + " sha256sum",
                        data.toString())));
    }

    private Contestant ours(String figure) {
        return Contestant.measuringItself(
                "procpool " + figure, "procpool", java(HEAP, ourClassPath(), "ProcpoolMain", List.of(effort, figure)));
    }

    /** One whose start counts, so that it gets the JVM as everybody has it. */
    private Contestant starting(String figure) {
        return Contestant.measuringItself(
                "procpool " + figure,
                "procpool",
                java(List.of(), ourClassPath(), "ProcpoolMain", List.of(effort, figure)));
    }

    /** What users have, the library's jar and a small one of their own: the peers' 30 MB would slow our workers' start. */
    private String ourClassPath() {
        return options.jar() + File.pathSeparator + build.contestants();
    }

    private List<String> java(List<String> heap, String classPath, String main, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(heap);
        command.addAll(
                List.of("-Dprocpool.bench.classes=" + build.classes(), "-cp", classPath, "dev.procpool.bench." + main));
        command.addAll(arguments);
        return command;
    }

    private List<String> cCommand() throws IOException, InterruptedException {
        String program = build.compile(Path.of(source("c/pipefloor.c"))).toString();
        return options.quick() ? List.of(program, "0.5", "5", "0.15") : List.of(program, "1", "9", "0.4");
    }

    private List<String> withGroups(String first, Set<Group> groups) {
        return Stream.concat(
                        Stream.of(first, effort),
                        groups.stream().filter(this::has).map(Group::toString))
                .toList();
    }

    private boolean has(Group group) {
        return options.groups().contains(group);
    }

    private boolean hasAnyOf(Set<Group> groups) {
        return groups.stream().anyMatch(this::has);
    }

    private String bin(String command) {
        return options.root().resolve("bin").resolve(command).toString();
    }

    private String source(String file) {
        return options.root().resolve("src/bench").resolve(file).toString();
    }
}
