package dev.procpool.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class InheritedOptionsTest {
    @Test
    void what_changes_the_meaning_of_code_and_the_size_of_pages() {
        assertThat(InheritedOptions.select(List.of(
                        "-ea",
                        "--enable-preview",
                        "-Da.property=x",
                        "--add-opens",
                        "java.base/java.lang=ALL-UNNAMED",
                        "-XX:+UseTransparentHugePages",
                        "-XX:-UseTransparentHugePages")))
                .containsExactly(
                        "-ea",
                        "--enable-preview",
                        "-Da.property=x",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-XX:+UseTransparentHugePages",
                        "-XX:-UseTransparentHugePages");
    }

    @Test
    void not_what_belongs_to_one_process() {
        assertThat(InheritedOptions.select(List.of(
                        "-Xmx1g",
                        "-Xmn8m",
                        "-XX:+UseG1GC",
                        "-XX:SharedArchiveFile=x.jsa",
                        "-agentlib:jdwp=transport=dt_socket",
                        "-javaagent:x.jar",
                        "-Dcom.sun.management.jmxremote.port=1")))
                .isEmpty();
    }
}
