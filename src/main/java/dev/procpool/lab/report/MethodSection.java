package dev.procpool.lab.report;

import dev.procpool.lab.measure.Environment;
import dev.procpool.lab.measure.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Where and how it was measured. */
final class MethodSection {
    private MethodSection() {}

    static List<Block> of(Run run) {
        Environment environment = run.environments().get(0);
        Environment.Machine machine = environment.machine();
        Parameters parameters = run.parameters();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("command", run.command()));
        rows.add(List.of(
                "CPU",
                machine.cpu() + ", " + machine.cores() + " cores for the JVM (cgroup cpu.max: " + machine.cgroupCpuMax()
                        + ")"));
        rows.add(List.of("memory", Numbers.mebibytes((double) machine.memoryBytes())));
        rows.add(List.of("system", machine.system()));
        rows.add(List.of("JDK", machine.jdk()));
        rows.add(List.of("collectors", String.join(", ", machine.collectors())));
        rows.add(List.of("JAVA_TOOL_OPTIONS", machine.javaToolOptions()));
        rows.add(List.of("CPython", environment.python()));
        for (Environment start : run.environments()) {
            rows.add(List.of(
                    "started", start.started() + ", load averages before " + Objects.toString(start.loadBefore())));
        }
        rows.add(List.of(
                "measured",
                run.measurements().size() + " of " + run.planned() + " measurements, " + parameters.repeat()
                        + " fresh JVMs for each configuration, seed " + parameters.seed()));
        return List.of(
                new Block.Heading(2, "Where and how"),
                new Block.Table(2, List.of("", ""), rows),
                new Block.Paragraph(
                        "Each measurement runs in a fresh JVM, so that no contestant inherits compiled code or a"
                                + " heap. The order is shuffled anew in each round, and each round measures every configuration"
                                + " once. A JVM measures its start-up, one cold batch, " + parameters.warmup()
                                + " warm-up batches, and then the steady state; its figure is the median of the steady batches."
                                + " Intervals are 99% bootstrap intervals over JVMs: the bootstrap gives the standard error, Student's"
                                + " t the width, so that few samples give wide intervals. All results are checked: each digest,"
                                + " each decrypted buffer, each checksum."
                                + (parameters.jobClass() == null
                                        ? ""
                                        : " Results of " + parameters.jobClass() + " can't be checked here.")));
    }
}
