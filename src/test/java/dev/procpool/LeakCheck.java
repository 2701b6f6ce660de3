package dev.procpool;

import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test class that leaves child processes, or threads of a pool, behind. */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {
    private Set<ProcessHandle> processesBefore = Set.of();
    private Set<Thread> threadsBefore = Set.of();

    @Override
    public void beforeAll(ExtensionContext context) {
        processesBefore = processes().collect(Collectors.toSet());
        threadsBefore = Thread.getAllStackTraces().keySet();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        await("end of the processes and threads that " + context.getDisplayName() + " started")
                .atMost(Limits.LONG)
                .until(this::left, List::isEmpty);
    }

    private List<String> left() {
        Stream<String> processes = processes()
                .filter(process -> !processesBefore.contains(process))
                .map(process -> "process " + process.pid() + " "
                        + process.info().commandLine().orElse(""));
        Stream<String> threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !threadsBefore.contains(thread))
                .map(Thread::getName)
                .filter(name -> name.startsWith("procpool") || name.contains("Exec"));
        return Stream.concat(processes, threads).toList();
    }

    private static Stream<ProcessHandle> processes() {
        return ProcessHandle.current().descendants();
    }
}
