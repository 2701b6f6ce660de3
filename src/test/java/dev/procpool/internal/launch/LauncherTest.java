package dev.procpool.internal.launch;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.procpool.ProcessPoolExecutor;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
    @Test
    void a_run_time_image_without_the_command(@TempDir Path image) {
        String before = System.setProperty("java.home", image.toString());
        try {
            assertThatThrownBy(ProcessPoolExecutor::create)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll(image + ", has no bin/java", "--strip-native-commands", "javaHome");
        } finally {
            System.setProperty("java.home", before);
        }
    }
}
