package dev.procpool.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * All interleavings of what the two sides do to the claim word, up to a depth, on the real control block. Each operation
 * takes effect by one compare-and-set, so interleaving whole operations covers all that can happen.
 */
class ClaimWordModelTest {
    private static final int DEPTH = 9;
    private static final int MOST_CALLS = 6;

    private final ControlBlock block = ControlBlock.unshared();
    private long visited;

    /** What has happened so far: which call stands under which number, and what became of it. */
    private record History(
            List<Integer> window, List<Integer> ran, List<Integer> takenBack, int calls, boolean sealed) {
        History allowed() {
            return new History(plus(window, calls), ran, takenBack, calls + 1, sealed);
        }

        static List<Integer> plus(List<Integer> list, int next) {
            List<Integer> longer = new ArrayList<>(list);
            longer.add(next);
            return longer;
        }
    }

    @Test
    void everyCallRunsAtMostOnceAndNeverAfterItWasTakenBack() {
        block.format();
        explore(new History(List.of(), List.of(), List.of(), 0, false), DEPTH);
        assertThat(visited).isGreaterThan(10_000);
    }

    private void explore(History history, int depth) {
        visited++;
        check(history);
        if (depth == 0) {
            return;
        }
        long word = block.claimWord();
        int claimed = ControlBlock.claimed(word);
        int limit = ControlBlock.limit(word);

        if (block.tryClaim()) {
            assertThat(history.sealed).as("a claim after the seal").isFalse();
            int call = history.window.get(claimed);
            explore(
                    new History(
                            history.window, History.plus(history.ran, call), history.takenBack, history.calls, false),
                    depth - 1);
        } else {
            assertThat(claimed).isEqualTo(limit);
        }
        restore(word);
        if (!history.sealed && history.calls < MOST_CALLS) {
            block.allow(limit + 1);
            explore(history.allowed(), depth - 1);
            restore(word);
        }
        for (int keep = 0; keep < limit; keep++) {
            int last = block.withdraw(keep);
            assertThat(last).isEqualTo(Math.max(keep, claimed));
            List<Integer> taken = new ArrayList<>(history.takenBack);
            taken.addAll(history.window.subList(last, limit));
            explore(
                    new History(
                            List.copyOf(history.window.subList(0, last)),
                            history.ran,
                            taken,
                            history.calls,
                            history.sealed),
                    depth - 1);
            restore(word);
        }
        for (int running = 0; running <= limit; running++) {
            boolean sealed = block.seal(running);
            assertThat(sealed).isEqualTo(running == claimed);
            if (sealed) {
                List<Integer> taken = new ArrayList<>(history.takenBack);
                taken.addAll(history.window.subList(claimed, limit));
                explore(
                        new History(
                                List.copyOf(history.window.subList(0, claimed)),
                                history.ran,
                                taken,
                                history.calls,
                                true),
                        depth - 1);
            } else {
                assertThat(block.claimWord()).as("a seal in vain").isEqualTo(word);
            }
            restore(word);
        }
    }

    private void check(History history) {
        long word = block.claimWord();
        int claimed = ControlBlock.claimed(word);
        int limit = ControlBlock.limit(word);
        assertThat(limit).isGreaterThanOrEqualTo(claimed).isEqualTo(history.window.size());
        assertThat(history.ran).doesNotHaveDuplicates().hasSize(claimed);
        assertThat(Collections.disjoint(history.ran, history.takenBack))
                .as("none ran after it was taken back, %s", history)
                .isTrue();
        // Nothing is lost: every call has run, or may be claimed, or is back with the parent.
        assertThat(claimed + (limit - claimed) + history.takenBack.size()).isEqualTo(history.calls);
    }

    /** Puts the claim word back to what it was, by the operations that there are. */
    private void restore(long word) {
        block.format();
        block.allow(ControlBlock.claimed(word));
        for (int i = 0; i < ControlBlock.claimed(word); i++) {
            assertThat(block.tryClaim()).isTrue();
        }
        block.allow(ControlBlock.limit(word));
        assertThat(block.claimWord()).isEqualTo(word);
    }
}
