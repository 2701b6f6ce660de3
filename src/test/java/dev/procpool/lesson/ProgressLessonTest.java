package dev.procpool.lesson;

import static dev.procpool.Futures.asCompleted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.procpool.PoolFuture;
import dev.procpool.ProcessPoolExecutor;
import dev.procpool.TaskExecutor;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.junit.jupiter.api.Test;

/** A progress bar around what comes out of an executor: one line's difference. */
class ProgressLessonTest {
    private static final int TASKS = 20;

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();

    @Test
    void aroundAsCompleted() {
        List<Integer> results = new ArrayList<>();
        try (TaskExecutor pool = ProcessPoolExecutor.create(2)) {
            List<PoolFuture<Integer>> futures = IntStream.range(0, TASKS)
                    .mapToObj(i -> pool.submit(() -> square(i)))
                    .toList();
            for (PoolFuture<Integer> future : ProgressBar.wrap(asCompleted(futures), bar("Squares"))) {
                results.add(future.join());
            }
        }
        assertThat(results).containsExactlyInAnyOrderElementsOf(squares());
        assertThat(screen()).contains("Squares 100%", "20/20");
    }

    @Test
    void aroundMap() {
        List<Integer> results;
        try (TaskExecutor pool = ProcessPoolExecutor.create(2)) {
            List<Integer> numbers = IntStream.range(0, TASKS).boxed().toList();
            ProgressBarBuilder bar = bar("Squares").setInitialMax(numbers.size());
            results = ProgressBar.wrap(pool.map(ProgressLessonTest::square, numbers), bar)
                    .toList();
        }
        assertThat(results).isEqualTo(squares());
        assertThat(screen()).contains("Squares 100%", "20/20");
    }

    private static int square(int i) {
        return i * i;
    }

    private static List<Integer> squares() {
        return IntStream.range(0, TASKS).mapToObj(ProgressLessonTest::square).toList();
    }

    private ProgressBarBuilder bar(String name) {
        PrintStream out = new PrintStream(screen, true, StandardCharsets.UTF_8);
        return ProgressBar.builder().setTaskName(name).setConsumer(new ConsoleProgressBarConsumer(out, 80));
    }

    private String screen() {
        return screen.toString(StandardCharsets.UTF_8);
    }
}
