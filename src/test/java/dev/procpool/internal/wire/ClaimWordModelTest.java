package dev.procpool.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * All interleavings, up to a depth, of what the two sides do to the claim word: submit, claim, complete, steal or cancel
 * what is not claimed, stop what runs, the child's word that it claims no more; and its death after each step. On the real control block. Each operation
 * takes effect by one compare-and-set, so interleaving whole operations covers all that can happen.
 */
class ClaimWordModelTest {
    private static final int DEPTH = 9;
    private static final int MOST_CALLS = 5;
    private static final int NONE = -1;

    private final ControlBlock block = ControlBlock.unshared();
    private long visited;
    private long deaths;

    /**
     * What has happened so far.
     *
     * @param window which call stands under which number, from 1
     * @param claimed how many of them the child has claimed
     * @param answered how many it has answered: all that it claimed, or one less
     * @param takenBack the calls that the parent took back
     * @param calls how many calls there have been
     * @param sealedFor the running call that is about to be killed, or {@link #NONE}
     * @param closed whether the child is about to end by itself and claims nothing more
     */
    private record History(
            List<Integer> window,
            int claimed,
            int answered,
            List<Integer> takenBack,
            int calls,
            int sealedFor,
            boolean closed) {
        History allowed() {
            List<Integer> longer = new ArrayList<>(window);
            longer.add(calls);
            return new History(longer, claimed, answered, takenBack, calls + 1, sealedFor, closed);
        }

        History claim() {
            return new History(window, claimed + 1, answered, takenBack, calls, sealedFor, closed);
        }

        History answer() {
            return new History(window, claimed, answered + 1, takenBack, calls, sealedFor, closed);
        }

        History takeBack(int last) {
            List<Integer> taken = new ArrayList<>(takenBack);
            taken.addAll(window.subList(last, window.size()));
            return new History(
                    List.copyOf(window.subList(0, last)), claimed, answered, taken, calls, sealedFor, closed);
        }

        History seal(int call) {
            History taken = takeBack(claimed);
            return new History(taken.window, claimed, answered, taken.takenBack, calls, call, closed);
        }

        History close() {
            return new History(window, claimed, answered, takenBack, calls, sealedFor, true);
        }

        boolean runs() {
            return claimed > answered;
        }
    }

    @Test
    void everyCallHasOneFate() {
        block.format();
        explore(new History(List.of(), 0, 0, List.of(), 0, NONE, false), DEPTH);
        assertThat(visited).isGreaterThan(10_000);
        assertThat(deaths).isEqualTo(visited);
    }

    private void explore(History history, int depth) {
        visited++;
        check(history);
        die(history);
        if (depth == 0) {
            return;
        }
        long word = block.claimWord();
        claim(history, depth);
        restore(word, history.closed);
        if (history.runs()) {
            explore(history.answer(), depth - 1); // says nothing to the claim word
            restore(word, history.closed);
        }
        if (history.sealedFor == NONE && history.calls < MOST_CALLS) {
            block.allow(history.window.size() + 1);
            explore(history.allowed(), depth - 1);
            restore(word, history.closed);
        }
        for (int keep = 0; keep < history.window.size(); keep++) {
            int last = block.withdraw(keep);
            assertThat(last).isEqualTo(Math.max(keep, history.claimed));
            explore(history.takeBack(last), depth - 1);
            restore(word, history.closed);
        }
        for (int running = 1; running <= history.window.size(); running++) {
            boolean sealed = block.seal(running);
            assertThat(sealed).isEqualTo(running == history.claimed);
            if (sealed) {
                explore(history.seal(history.window.get(running - 1)), depth - 1);
            } else {
                assertThat(block.claimWord()).as("a seal in vain").isEqualTo(word);
            }
            restore(word, history.closed);
        }
        if (!history.closed) {
            block.claimNoMore();
            assertThat(block.isClaimable()).isFalse();
            explore(history.close(), depth - 1);
            restore(word, false);
        }
    }

    /** The child claims only when it has answered. */
    private void claim(History history, int depth) {
        if (history.runs()) {
            return;
        }
        if (block.tryClaim()) {
            assertThat(history.sealedFor).as("a claim after the seal").isEqualTo(NONE);
            assertThat(history.closed)
                    .as("a claim by a child that claims no more")
                    .isFalse();
            explore(history.claim(), depth - 1);
        } else if (!history.closed) {
            assertThat(history.claimed).isEqualTo(history.window.size());
        }
    }

    private void check(History history) {
        long word = block.claimWord();
        assertThat(ControlBlock.claimed(word)).isEqualTo(history.claimed);
        assertThat(ControlBlock.limit(word)).isBetween(history.claimed, history.window.size());
        assertThat(history.closed || ControlBlock.limit(word) == history.window.size())
                .as("only a child that claims no more lowers the limit by itself")
                .isTrue();
        assertThat(Collections.disjoint(history.window.subList(0, history.claimed), history.takenBack))
                .as("none ran after it was taken back, %s", history)
                .isTrue();
    }

    /** The child dies now, and the parent goes by the claim word and the replies alone. */
    private void die(History history) {
        deaths++;
        long word = block.claimWord();
        List<Integer> fates = new ArrayList<>(history.window.subList(0, history.answered));
        List<Integer> victims = history.window.subList(history.answered, ControlBlock.claimed(word));
        assertThat(victims).hasSizeLessThanOrEqualTo(1);
        if (history.sealedFor != NONE) {
            assertThat(victims).as("victims of our own kill").isSubsetOf(history.sealedFor);
        }
        fates.addAll(victims);
        int last = block.withdraw(history.answered);
        fates.addAll(history.window.subList(last, history.window.size()));
        fates.addAll(history.takenBack);
        Collections.sort(fates);
        assertThat(fates)
                .as("answered, victim or back with the parent, each call once, %s", history)
                .hasSize(history.calls)
                .doesNotHaveDuplicates();
        restore(word, history.closed);
    }

    /** Puts the claim word back to what it was, by the operations that there are. */
    private void restore(long word, boolean closed) {
        block.format();
        block.allow(ControlBlock.claimed(word));
        for (int i = 0; i < ControlBlock.claimed(word); i++) {
            assertThat(block.tryClaim()).isTrue();
        }
        if (closed) {
            block.claimNoMore();
        }
        block.allow(ControlBlock.limit(word));
        assertThat(block.claimWord()).isEqualTo(word);
    }
}
