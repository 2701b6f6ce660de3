package dev.procpool.cli;

import dev.procpool.internal.child.Rehearsal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Does a little of everything, in the worker's part too, and prints nothing: what it loads goes into the class archive. */
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
    public Integer call() throws IOException {
        Rehearsal.run();
        Terminal nowhere = new Terminal(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
        for (String[] arguments : REHEARSALS) {
            Main.run(nowhere, arguments);
        }
        rehearseFlags(nowhere);
        return 0;
    }

    /** Client and server are many classes, and each process of {@code --strategy processes} needs those of the client. */
    private static void rehearseFlags(Terminal nowhere) throws IOException {
        Path folder = Files.createTempDirectory("procpool-rehearsal-");
        Main.run(nowhere, "flags", "--seed", "1", "--out", folder.toString(), "BR");
        Files.deleteIfExists(folder.resolve("br.svg"));
        Files.delete(folder);
    }
}
