package dev.procpool.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the descriptors of this process point to, such as {@code pipe:[4711]} or a path; empty where the system doesn't
 * tell.
 *
 * @param targets how many descriptors point to each
 */
record Descriptors(Map<String, Integer> targets) {
    private static final Path OWN = Path.of("/proc/self/fd");
    /** Java opens them when it first needs a random number, once, and keeps them. */
    private static final Set<String> RANDOMNESS = Set.of("/dev/random", "/dev/urandom");

    private static final String JDK = System.getProperty("java.home");

    static Descriptors now() {
        Map<String, Integer> targets = new TreeMap<>();
        if (Files.isDirectory(OWN)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(OWN)) {
                entries.forEach(entry -> count(entry, targets));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new Descriptors(targets);
    }

    private static void count(Path descriptor, Map<String, Integer> targets) {
        try {
            targets.merge(Files.readSymbolicLink(descriptor).toString(), 1, Integer::sum);
        } catch (NoSuchFileException e) {
            // Another thread has closed it meanwhile: nobody has it any more.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int count() {
        return targets.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** What is open now and wasn't before, line by line, without what Java itself opens once and keeps. */
    List<String> openedSince(Descriptors before) {
        List<String> opened = new ArrayList<>();
        targets.forEach((target, count) -> {
            int more = count - before.targets.getOrDefault(target, 0);
            if (more > 0 && !isJavasOwn(target, count)) {
                opened.add("file descriptor of " + target + (more == 1 ? "" : ", " + more + " times"));
            }
        });
        return opened;
    }

    private static boolean isJavasOwn(String target, int count) {
        return RANDOMNESS.contains(target)
                || (count == 1 && (target.endsWith(".jar") || Path.of(target).startsWith(JDK)));
    }
}
