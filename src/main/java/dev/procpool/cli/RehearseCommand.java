package dev.procpool.cli;

import java.io.OutputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Runs a little of everything and prints nothing: the JVM archives the classes that it loads by then. */
@Command(hidden = true, description = "Used by the launcher to make a class archive.")
final class RehearseCommand implements Callable<Integer> {
    private static final String FOLDER = System.getProperty("java.home") + "/conf";
    private static final String[][] REHEARSALS = {
        {"arcfour-futures", "1", "--jobs", "2", "--size", "1000"},
        {"arcfour-futures", "1", "--jobs", "2", "--size", "1000", "--executor", "threads"},
        {"sha-futures", "1", "--jobs", "2", "--size", "1000", "--executor", "threads"},
        {"sha-futures", "1", "--executor", "threads", FOLDER},
    };

    @Override
    public Integer call() {
        Terminal nowhere = new Terminal(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        for (String[] arguments : REHEARSALS) {
            Main.run(nowhere, arguments);
        }
        return 0;
    }
}
