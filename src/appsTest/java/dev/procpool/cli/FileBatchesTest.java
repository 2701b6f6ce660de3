package dev.procpool.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileBatchesTest {
    private static final long LARGE = FileBatches.TASK_BYTES;

    private final List<List<Integer>> submitted = new ArrayList<>();
    private final FileBatches batches = new FileBatches(submitted::add);

    @Test
    void largeFilesGoAloneAndTheLargestFirst() {
        batches.add(0, LARGE);
        batches.add(1, 3 * LARGE);
        batches.add(2, 2 * LARGE);
        assertThat(submitted).isEmpty();
        batches.finish();
        assertThat(submitted).containsExactly(List.of(1), List.of(2), List.of(0));
    }

    @Test
    void smallFilesGoTogetherAfterLargeOnes() {
        batches.add(0, 10);
        batches.add(1, LARGE);
        batches.add(2, 20);
        batches.finish();
        assertThat(submitted).containsExactly(List.of(1), List.of(0, 2));
    }

    @Test
    void manyEmptyFilesAreCutIntoTasksAndTheFirstOnesGoAhead() {
        int perTask = (int) (FileBatches.TASK_BYTES / FileBatches.FILE_BYTES);
        int tasksAhead = (int) (FileBatches.HEAD_START / FileBatches.TASK_BYTES);
        for (int i = 0; i < 2 * tasksAhead * perTask; i++) {
            batches.add(i, 0);
        }
        assertThat(submitted).hasSize(tasksAhead).allMatch(batch -> batch.size() == perTask);
        batches.finish();
        assertThat(submitted).hasSize(2 * tasksAhead);
        assertThat(submitted.stream().flatMap(List::stream))
                .doesNotHaveDuplicates()
                .hasSize(2 * tasksAhead * perTask);
    }

    @Test
    void nothingIsSubmittedForNoFiles() {
        batches.finish();
        assertThat(submitted).isEmpty();
    }
}
