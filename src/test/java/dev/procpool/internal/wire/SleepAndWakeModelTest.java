package dev.procpool.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * All interleavings of a child that goes to sleep and a parent that gives it work, step by step on the real control
 * block: work is never left lying beside a sleeper for whom no bell has been rung.
 */
class SleepAndWakeModelTest {
    private static final int CALLS = 3;

    private final ControlBlock block = ControlBlock.unshared();
    private int schedules;

    /** The child's next step; its loop is that of the call loop, one access to shared memory a step. */
    private enum ChildStep {
        CLAIM,
        ANNOUNCE,
        LOOK_AGAIN,
        AWAIT_BELL,
        AWAKE
    }

    private ChildStep child;
    private int bells;
    private int claimed;
    /** Even: allows the next call; odd: looks whether it has to ring. */
    private int parentSteps;

    @Test
    void noWakeUpIsLost() {
        explore(new ArrayList<>());
        assertThat(schedules).isGreaterThan(1_000);
    }

    /** Depth first over schedules, each played from the start. */
    private void explore(List<Boolean> schedule) {
        play(schedule);
        boolean parentCan = parentSteps < 2 * CALLS;
        boolean childCan = child != ChildStep.AWAIT_BELL || bells > 0;
        boolean childIsDone = claimed == CALLS;
        if (childIsDone || (!parentCan && !childCan)) {
            schedules++;
            assertThat(claimed)
                    .as("claimed when nobody can go on, after %s", schedule)
                    .isEqualTo(CALLS);
            return;
        }
        if (parentCan) {
            schedule.add(true);
            explore(schedule);
            schedule.remove(schedule.size() - 1);
        }
        if (childCan && (parentCan ? schedule.size() < 2 * CALLS + 14 : true)) {
            schedule.add(false);
            explore(schedule);
            schedule.remove(schedule.size() - 1);
        }
    }

    private void play(List<Boolean> schedule) {
        block.format();
        child = ChildStep.CLAIM;
        bells = 0;
        claimed = 0;
        parentSteps = 0;
        for (boolean parent : schedule) {
            if (parent) {
                parentStep();
            } else {
                childStep();
            }
        }
    }

    private void parentStep() {
        if (parentSteps % 2 == 0) {
            block.allow(parentSteps / 2 + 1);
        } else if (block.wakeChild()) {
            bells++;
        }
        parentSteps++;
    }

    private void childStep() {
        switch (child) {
            case CLAIM -> {
                if (block.tryClaim()) {
                    claimed++;
                } else {
                    child = ChildStep.ANNOUNCE;
                }
            }
            case ANNOUNCE -> {
                block.childSleeps(true);
                child = ChildStep.LOOK_AGAIN;
            }
            case LOOK_AGAIN -> child = block.isClaimable() ? ChildStep.AWAKE : ChildStep.AWAIT_BELL;
            case AWAIT_BELL -> {
                bells--;
                child = ChildStep.AWAKE;
            }
            case AWAKE -> {
                block.childSleeps(false);
                child = ChildStep.CLAIM;
            }
        }
    }
}
