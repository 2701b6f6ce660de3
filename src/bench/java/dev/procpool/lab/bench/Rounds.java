package dev.procpool.lab.bench;

import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Has contestants measured, round by round. In each round every contestant has a process of its own, and the order is
 * another: what the machine does beside hits all alike.
 */
final class Rounds {
    private static final TypeToken<Map<String, List<Double>>> FIGURES = new TypeToken<>() {};
    private static final Gson GSON = new Gson();

    private final Path scratch;
    private final Consumer<String> progress;
    private final Samples samples = new Samples();
    private final Set<String> broken = new LinkedHashSet<>();

    /** With an existing folder for the output of the contestants. */
    Rounds(Path scratch, Consumer<String> progress) {
        this.scratch = scratch;
        this.progress = progress;
    }

    void run(List<Contestant> contestants, int rounds) throws InterruptedException {
        Random random = new Random();
        for (int round = 1; round <= rounds; round++) {
            run(contestants, "round " + round + "/" + rounds, random);
        }
    }

    private void run(List<Contestant> contestants, String round, Random random) throws InterruptedException {
        List<Contestant> order = new ArrayList<>();
        contestants.forEach(contestant -> order.addAll(Collections.nCopies(contestant.times(), contestant)));
        Collections.shuffle(order, random);
        for (int i = 0; i < order.size(); i++) {
            progress.accept(round + ", " + (i + 1) + "/" + order.size() + ": "
                    + order.get(i).label());
            measure(order.get(i));
        }
    }

    /** Runs one contestant; that it fails is noted, and no reason to stop. */
    void measure(Contestant contestant) throws InterruptedException {
        try {
            Programs.Run run = Programs.run(
                    scratch, contestant.environment(), contestant.command().toArray(String[]::new));
            if (run.exitCode() != 0) {
                throw new IOException(run.complaint());
            }
            samples.add(
                    contestant.id(),
                    contestant.isTimed() ? Map.of(contestant.timed(), List.of(run.seconds())) : figures(run));
        } catch (IOException | JsonSyntaxException e) {
            broken.add(contestant.label() + ": " + e.getMessage());
        }
    }

    private static Map<String, List<Double>> figures(Programs.Run run) throws IOException {
        Map<String, List<Double>> figures = GSON.fromJson(run.lastLine(), FIGURES);
        if (figures == null) {
            throw new IOException("it printed no figures");
        }
        return figures;
    }

    Samples samples() {
        return samples;
    }

    /** Who failed, each with the reason. */
    List<String> broken() {
        return List.copyOf(broken);
    }
}
