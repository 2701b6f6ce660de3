package dev.procpool.internal.launch;

import dev.procpool.internal.os.Machine;
import dev.procpool.internal.os.OwnProcess;
import dev.procpool.internal.os.PrivateFile;
import dev.procpool.internal.os.ProcessTree;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns a {@link WorkerSpec} into command lines and starts child JVMs with them. Thread-safe.
 *
 * <p>The first task of a pool waits for what happens here, mostly in a JVM that has only just started. So it takes the
 * plainest ways: each lambda costs a millisecond then, and streams and patterns several.
 */
public final class Launcher implements Starter {
    private static final String MAIN = "dev.procpool.internal.child.ChildMain";

    /**
     * Protects the pipes: the child's own 0, 1 and 2 become an empty input and twice the error pipe, so that whatever
     * prints, even native code or a grandchild, can't get between our bells. The control block is opened here, before a
     * sandbox or another user's rights might hide it. Ctrl-C is for the parent alone to act on.
     */
    private static final String PRIVATE_PIPES =
            "exec 3>&1 4<&0 5<>\"$1\" 1>&2 0</dev/null; shift; trap '' INT; exec \"$@\"";

    /** Command lines get no longer than this; longer ones go through a file. The systems' limits start at 128 KiB. */
    private static final int LONGEST = 32 * 1024;

    static final boolean UNIX = File.separatorChar == '/';

    /** Each mark in {@link ProcessTree#MARK_VARIABLE} ends with it. */
    static final char END_OF_MARK = ';';

    private final WorkerSpec spec;
    private final String mark;
    /** Of procpool itself, where the class path doesn't hold it. */
    private final @Nullable OwnClasses own;

    private final List<String> classPath;
    private final List<String> options;
    /** Holds what doesn't fit a command line. */
    private final @Nullable PrivateFile argumentFile;

    private final @Nullable ClassArchive archive;
    private volatile boolean trustsArchive = true;

    /**
     * Looks for what would keep every worker from starting; as little as that takes, since the first task waits for it.
     *
     * @throws IllegalStateException if this JVM can't have workers
     */
    public static void check(WorkerSpec spec) {
        String home = System.getProperty("java.home");
        if (spec.javaHome().toString().equals(home) && UNIX && !new File(home, "bin/java").exists()) {
            throw new IllegalStateException("workers can't start: the run-time image of this JVM, " + home
                    + ", has no bin/java; make it without jlink's option --strip-native-commands (which jpackage adds,"
                    + " unless it has --jlink-options of its own), or name a JDK in the option javaHome");
        }
        if (spec.served().serves()) {
            OwnClasses.check();
        }
    }

    /** Prepares launches; {@code mark} is what the environment of all workers of the pool will hold. */
    public Launcher(WorkerSpec spec, String mark) throws IOException {
        this.spec = spec;
        this.mark = mark;
        this.own = OwnClasses.beside(spec);
        this.classPath = own == null ? spec.classPath() : withOwn(own.path(), spec.classPath());
        this.archive = ClassArchive.of(spec, classPath);
        List<String> inherited = new ArrayList<>(InheritedOptions.ofThisJvm());
        if (!classPath.isEmpty()) {
            inherited.add("-cp");
            inherited.add(String.join(File.pathSeparator, archive == null ? classPath : archive.order(classPath)));
        }
        argumentFile = fitsCommandLine(String.join(" ", inherited)) ? null : ArgumentFile.of(inherited);
        List<String> all = new ArrayList<>(argumentFile == null ? inherited : List.of("@" + argumentFile.path()));
        all.addAll(chosenOptions(spec));
        options = List.copyOf(all);
    }

    private static List<String> withOwn(String own, List<String> others) {
        List<String> entries = new ArrayList<>();
        entries.add(own);
        entries.addAll(others);
        return entries;
    }

    /** Before JDK 18 command lines were written in the default charset, which may be one that names aren't written in. */
    private static boolean fitsCommandLine(String arguments) {
        return arguments.length() <= LONGEST
                && (Charset.defaultCharset().equals(ArgumentFile.CHARSET)
                        || arguments.chars().allMatch(c -> c < 0x80));
    }

    @Override
    public void distrustArchive() {
        trustsArchive = false;
    }

    @Override
    public void makeArchive() {
        if (archive != null && archive.isMissing()) {
            archive.make();
        }
    }

    @Override
    public void close() throws IOException {
        if (archive != null) {
            archive.stop();
        }
        if (argumentFile != null) {
            argumentFile.close();
        }
        if (own != null) {
            own.close();
        }
    }

    @Override
    public ControlBlockFile createMemory() throws IOException {
        return ControlBlockFile.create();
    }

    @Override
    public Process start(int id, ControlBlockFile memory) throws IOException {
        String controlBlock = memory.path().toString();
        List<String> command = new ArrayList<>();
        if (UNIX) {
            command.addAll(List.of("/bin/sh", "-c", PRIVATE_PIPES, "sh", controlBlock));
        }
        command.addAll(spec.launchPrefix());
        command.add(spec.javaHome().resolve("bin").resolve("java").toString());
        if (archive != null && trustsArchive) {
            command.addAll(archive.options());
        }
        command.addAll(options);
        command.addAll(Nesting.options()); // after all others: the last one counts
        command.addAll(InheritedClassPath.main(classPath, MAIN));
        command.add(UNIX ? "/dev/fd/5" : controlBlock);
        command.add(UNIX ? "fd" : "std");
        command.add(Long.toString(ProcessHandle.current().pid()));
        command.add(Long.toString(spec.heartbeatPeriodMillis()));
        command.add(Long.toString(spec.idleHeartbeatPeriodMillis()));
        command.add(mark);
        ProcessBuilder builder = new ProcessBuilder(command);
        if (spec.workingDirectory() != null) {
            builder.directory(spec.workingDirectory().toFile());
        }
        prepare(builder.environment(), id);
        return OwnProcess.start(builder);
    }

    /** What the environment of one worker holds, and of all that it starts. */
    @Override
    public String markOf(int id) {
        return mark + id + END_OF_MARK;
    }

    private void prepare(Map<String, String> environment, int id) {
        environment.keySet().removeAll(InheritedOptions.OPTION_VARIABLES);
        environment.putAll(spec.environment());
        String outer = System.getenv(ProcessTree.MARK_VARIABLE);
        environment.put(ProcessTree.MARK_VARIABLE, (outer == null ? "" : outer) + markOf(id));
    }

    private static List<String> chosenOptions(WorkerSpec spec) {
        List<String> options = new ArrayList<>();
        boolean ownCollector = false;
        boolean ownHeapSize = false;
        for (String argument : spec.jvmArgs()) {
            ownCollector |= argument.matches("-XX:\\+Use\\w+GC");
            ownHeapSize |= argument.startsWith("-Xmx");
        }
        if (!ownCollector) {
            options.add("-XX:+UseSerialGC"); // one core has no use for parallel collectors
        }
        if (!ownHeapSize) {
            options.add("-Xmx" + heapSize(spec) / 1024 + "k");
        }
        options.add("-XX:ActiveProcessorCount=1"); // else each worker brings compiler and GC threads for all cores
        options.add("-XX:+UseCountedLoopSafepoints");
        options.add("-XX:LoopStripMiningIter=1000"); // a long loop must not keep the heartbeat from running
        options.add("-XX:-UsePerfData"); // its file in the temporary folder would outlive a kill
        options.add("-XX:+DisplayVMOutputToStderr");
        options.add("-XX:-CreateCoredumpOnCrash");
        options.addAll(spec.jvmArgs());
        return options;
    }

    private static long heapSize(WorkerSpec spec) {
        if (spec.heapSize().isPresent()) {
            return spec.heapSize().getAsLong();
        }
        long machine = Machine.memory();
        long parent = Runtime.getRuntime().maxMemory();
        long share = (long) (machine * 0.8 - parent) / spec.workers();
        return Math.max(64L << 20, Math.min(share, machine / 4));
    }
}
