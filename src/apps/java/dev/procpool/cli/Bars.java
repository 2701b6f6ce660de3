package dev.procpool.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Progress bars on standard error. */
final class Bars {
    private static final int WIDTH = 80;

    private Bars() {}

    /**
     * A bar of fixed width. Left to itself the library measures the terminal with JLine, which restores the system's own
     * handler for Ctrl-C: after that no shutdown hook would run.
     */
    static ProgressBarBuilder bar(String task, long max) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(max)
                .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH));
    }
}
