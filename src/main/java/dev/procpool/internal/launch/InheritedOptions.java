package dev.procpool.internal.launch;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which of this JVM's own options its workers get: those that change what the code means (properties, modules,
 * assertions, previews) and the size of memory pages, never those that belong to one process alone (debugger, JMX,
 * agents, heap sizes, archives).
 */
public final class InheritedOptions {
    /** Options whose value is the next argument, or follows an equals sign. */
    private static final Set<String> MODULE_OPTIONS = Set.of(
            "--add-opens", "--add-exports", "--add-reads", "--add-modules", "--patch-module", "--enable-native-access");

    /** Other options whose value is the next argument; needed only to find the end of the options. */
    private static final Set<String> SKIPPED_WITH_VALUE = Set.of(
            "-cp", "-classpath", "--class-path", "-p", "--module-path", "--upgrade-module-path", "--limit-modules");

    private static final List<String> PRIVATE_PROPERTIES = List.of(
            "-Dcom.sun.management.",
            "-Djava.rmi.",
            "-Djava.class.path=",
            "-Djava.security.manager",
            "-Dsun.java.command=");

    /** Variables that put options into every JVM; what is allowed of them goes on the command line instead. */
    public static final List<String> OPTION_VARIABLES =
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private InheritedOptions() {}

    /** The options that a worker of this JVM gets. */
    public static List<String> ofThisJvm() {
        List<String> options = select(optionsOfThisJvm());
        String modulePath = System.getProperty("jdk.module.path");
        if (modulePath != null) { // the module options may name what is there
            options.add("--module-path="
                    + Stream.of(modulePath.split(File.pathSeparator, -1))
                            .map(InheritedClassPath::absolute)
                            .collect(Collectors.joining(File.pathSeparator)));
        }
        String mainModule = System.getProperty("jdk.module.main");
        if (mainModule != null) { // on that path, or in the runtime image
            options.add("--add-modules=" + mainModule);
        }
        return options;
    }

    private static List<String> optionsOfThisJvm() {
        List<String> commandLine = commandLine();
        List<String> options = untilMainClass(commandLine);
        boolean complete = !commandLine.isEmpty();
        for (String option : options) {
            complete &= !option.startsWith("@");
        }
        for (String variable : OPTION_VARIABLES) {
            complete &= System.getenv(variable) == null;
        }
        // The management beans know them all, but loading them takes longer than starting a worker, and a runtime image
        // may lack them: then what comes from variables and argument files stays with this JVM.
        boolean managed = ModuleLayer.boot().findModule("java.management").isPresent();
        return complete || !managed
                ? options
                : ManagementFactory.getRuntimeMXBean().getInputArguments();
    }

    /** This JVM's command line; empty where the system doesn't show it. */
    private static List<String> commandLine() {
        try {
            String all = Files.readString(Path.of("/proc/self/cmdline"), ArgumentFile.CHARSET);
            return List.of(all.split("\0", -1));
        } catch (IOException e) {
            return List.of(); // not Linux
        }
    }

    /** The options at the front of a command line {@code java option… class|-jar …}. */
    static List<String> untilMainClass(List<String> commandLine) {
        List<String> options = new ArrayList<>();
        for (int i = 1; i < commandLine.size(); i++) {
            String argument = commandLine.get(i);
            boolean option = argument.startsWith("-") || argument.startsWith("@");
            if (!option
                    || argument.equals("-jar")
                    || argument.equals("-m")
                    || argument.startsWith("--module=")
                    || argument.equals("--module")) {
                return options;
            }
            if (SKIPPED_WITH_VALUE.contains(argument)) {
                i++;
            } else if (MODULE_OPTIONS.contains(argument) && i + 1 < commandLine.size()) {
                options.add(argument + "=" + commandLine.get(++i));
            } else {
                options.add(argument);
            }
        }
        return options;
    }

    /** Keeps what is on the allow-list. */
    static List<String> select(List<String> options) {
        List<String> allowed = new ArrayList<>();
        for (int i = 0; i < options.size(); i++) {
            String option = options.get(i);
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            if (MODULE_OPTIONS.contains(name)) {
                if (equals >= 0) {
                    allowed.add(option);
                } else if (i + 1 < options.size()) {
                    allowed.add(option + "=" + options.get(++i));
                }
            } else if (isAllowed(option)) {
                allowed.add(option);
            }
        }
        return allowed;
    }

    private static boolean isAllowed(String option) {
        if (option.startsWith("-D")) {
            for (String property : PRIVATE_PROPERTIES) {
                if (option.startsWith(property)) {
                    return false;
                }
            }
            return true;
        }
        return option.equals("--enable-preview")
                || option.equals("-XX:+UseTransparentHugePages") // whichever of these comes last
                || option.equals("-XX:-UseTransparentHugePages")
                || option.equals("-ea")
                || option.startsWith("-ea:")
                || option.equals("-esa")
                || option.equals("-da")
                || option.startsWith("-da:")
                || option.startsWith("-enableassertions")
                || option.startsWith("-disableassertions")
                || option.startsWith("-Xbootclasspath/a:");
    }
}
