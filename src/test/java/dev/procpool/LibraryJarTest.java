package dev.procpool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires.Modifier;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is published is the library and nothing else, whatever else was built. Runs when the jar is there. */
@Tag("jar")
class LibraryJarTest {
    private static final Path JAR = Path.of(System.getProperty("procpool.jar", "none"));
    private static final long MOST_BYTES = 450 << 10;

    private static List<String> classes() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            return jar.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(ZipEntry::getName)
                    .filter(name -> !name.startsWith("META-INF/"))
                    .toList();
        }
    }

    @Test
    void holds_the_public_types_the_engine_and_the_module() throws Exception {
        assertThat(classes())
                .contains("module-info.class", "dev/procpool/ProcessPoolExecutor.class")
                .allMatch(name -> name.matches("module-info\\.class|dev/procpool/[A-Z][\\w$]*\\.class"
                        + "|dev/procpool/package-info\\.class|dev/procpool/internal/\\w+/[\\w$-]+\\.class"));
    }

    @Test
    void has_only_public_types_in_front() throws Exception {
        for (String name : classes()) {
            if (name.matches("dev/procpool/[A-Z]\\w*\\.class")) {
                Class<?> type = Class.forName(
                        name.replace('/', '.').replace(".class", ""),
                        false,
                        getClass().getClassLoader());
                assertThat(type).isPublic();
            }
        }
    }

    @Test
    void is_a_module_that_shows_its_api_alone() {
        ModuleDescriptor module =
                ModuleFinder.of(JAR).find("dev.procpool").orElseThrow().descriptor();

        assertThat(module.isAutomatic()).isFalse();
        assertThat(module.exports())
                .extracting(ModuleDescriptor.Exports::source)
                .containsExactly("dev.procpool");
        assertThat(module.opens()).isEmpty();
        assertThat(module.requires())
                .filteredOn(required -> !required.modifiers().contains(Modifier.STATIC))
                .extracting(ModuleDescriptor.Requires::name)
                .containsExactlyInAnyOrder("java.base", "java.management", "org.apache.commons.exec");
    }

    @Test
    void is_small() throws Exception {
        assertThat(Files.size(JAR)).isLessThanOrEqualTo(MOST_BYTES);
    }
}
