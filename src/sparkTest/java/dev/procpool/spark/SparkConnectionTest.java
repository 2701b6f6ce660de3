package dev.procpool.spark;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.procpool.BrokenPoolException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be connected to: said at once, or within the bound. */
@Tag("spark")
class SparkConnectionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://host:7077",
                "spark://",
                "spark://host",
                "spark://host:port",
                "spark://host:0",
                "spark://host:65536",
                "spark://a:1,b",
                "mesos://host:5050"
            })
    void refusesWhatIsNoMaster(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkExecutor.connect(url))
                .withMessageContaining("spark://host:7077")
                .withMessageContaining("'" + url + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "local[*]", "local[2]"})
    void refusesToRunTasksInThisJvm(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkExecutor.connect(url))
                .withMessageContaining("TaskExecutor.threads");
    }

    @Test
    void saysThatNoMasterAnswers() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        String master = "127.0.0.1:" + free;
        assertThatExceptionOfType(BrokenPoolException.class)
                .isThrownBy(() -> SparkExecutor.connect("spark://" + master))
                .withMessageContaining("no Spark master answers at " + master);
    }

    /** Something listens there, but it is no master. */
    @Test
    void saysThatNoMasterAnswersInTime() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String master = "spark://127.0.0.1:" + silent.getLocalPort();
            assertThatExceptionOfType(BrokenPoolException.class)
                    .isThrownBy(() -> SparkExecutor.builder()
                            .master(master)
                            .connectTimeout(Duration.ofSeconds(2))
                            .build())
                    .withMessageContaining(master)
                    .withMessageContaining("within 2.0 s (connectTimeout)");
        }
    }

    @Test
    void refusesBadSettings() {
        SparkExecutor.Builder builder = SparkExecutor.builder();
        assertThatIllegalArgumentException().isThrownBy(() -> builder.cores(0)).withMessageContaining("cores");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxGroup(0))
                .withMessageContaining("maxGroup");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.executorMemory(1))
                .withMessageContaining("executorMemory");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.connectTimeout(Duration.ZERO))
                .withMessageContaining("connectTimeout");
        assertThatIllegalStateException().isThrownBy(builder::build).withMessageContaining("master");
    }
}
