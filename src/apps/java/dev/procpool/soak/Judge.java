package dev.procpool.soak;

import dev.procpool.WorkerCrashedException;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Enters into the books how tasks have ended. Thread-safe. */
final class Judge {
    private final Ledger ledger;
    private final IntPredicate started;
    private final Predicate<WorkerCrashedException> excused;

    /**
     * A judge.
     *
     * @param started whether the task with that number was ever started
     * @param excused whether somebody killed that worker on purpose; asked once for each crash
     */
    Judge(Ledger ledger, IntPredicate started, Predicate<WorkerCrashedException> excused) {
        this.ledger = ledger;
        this.started = started;
        this.excused = excused;
    }

    Ledger ledger() {
        return ledger;
    }

    void value(int task, String name, @Nullable Object value, Predicate<@Nullable Object> right) {
        if (!right.test(value)) {
            ledger.wrong(name + " returned " + value);
        } else if (!started.test(task)) {
            ledger.wrong(name + " returned, but never started");
        } else {
            ledger.completed();
        }
    }

    void failure(String name, Throwable failure, Predicate<Throwable> right) {
        if (right.test(failure)) {
            ledger.failedAsExpected(failure.getClass().getSimpleName());
        } else if (failure instanceof WorkerCrashedException crash && excused.test(crash)) {
            ledger.failedAsExpected("victim of " + crash.signal().orElse("SIGSTOP"));
        } else {
            ledger.wrong(name + " failed: " + failure);
        }
    }

    void cancelledByNobody(String name) {
        ledger.wrong(name + " was cancelled by nobody");
    }
}
