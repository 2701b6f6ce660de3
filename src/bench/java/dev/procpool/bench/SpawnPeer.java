package dev.procpool.bench;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A JVM for each task: what people do who have no pool. */
final class SpawnPeer implements Peer {
    private final ExecutorService threads;

    SpawnPeer(int workers) {
        this.threads = Executors.newFixedThreadPool(workers);
    }

    @Override
    public Future<?> submit() {
        return threads.submit(() -> runToEnd(hello()));
    }

    /** A JVM that says hello, with {@code arguments} for it. */
    static ProcessBuilder hello(String... arguments) {
        List<String> command = new ArrayList<>(List.of(java(), "-cp", classes(), Hello.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    static String java() {
        return System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
    }

    /** The folder of our classes, which the driver names: a small program isn't started from a jar of 30 MB. */
    private static String classes() {
        return System.getProperty("procpool.bench.classes");
    }

    /** Runs a process to its end, which has to be good. */
    static int runToEnd(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.start();
        process.getInputStream().readAllBytes();
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException("exit code " + code + " of " + builder.command());
        }
        return code;
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
