package dev.procpool.lab.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A process to measure. It either measures itself, and prints the figures as one line of JSON, or it is measured from
 * outside: the seconds from its start to its end.
 *
 * @param label what to call it in messages
 * @param id who it is, as the names of samples have it
 * @param command what to run; {@code command.get(0)} is looked up on the PATH
 * @param environment variables to set for it
 * @param timed the figure that its running time is; empty if it measures itself
 * @param times how often it runs in each round
 */
record Contestant(
        String label, String id, List<String> command, Map<String, String> environment, String timed, int times) {
    static Contestant measuringItself(String label, String id, List<String> command) {
        return new Contestant(label, id, command, Map.of(), "", 1);
    }

    static Contestant timed(String label, String id, String figure, int times, List<String> command) {
        return new Contestant(label, id, command, Map.of(), figure, times);
    }

    Contestant with(String variable, Path value) {
        return new Contestant(label, id, command, Map.of(variable, value.toString()), timed, times);
    }

    Contestant times(int n) {
        return new Contestant(label, id, command, environment, timed, n);
    }

    boolean isTimed() {
        return !timed.isEmpty();
    }
}
