package dev.procpool.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FileNameTest {
    private static final byte[] UMLAUT_THEN_STRAY_BYTES = {'a', (byte) 0xC3, (byte) 0xA4, (byte) 0xFF, (byte) 0xE4};

    @TempDir
    Path folder;

    @Test
    void textShowsUtf8AndKeepsStrayBytes() {
        assertThat(FileName.of(UMLAUT_THEN_STRAY_BYTES)).hasToString("aä\uDCFF\uDCE4");
        assertThat(FileName.of("aä\uDCFF\uDCE4")).isEqualTo(FileName.of(UMLAUT_THEN_STRAY_BYTES));
    }

    @Test
    void anyBytesSurviveTheWayThroughText() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            assertThat(FileName.encode(FileName.decode(bytes))).isEqualTo(bytes);
        }
    }

    @Test
    void anyUtf8SurvivesTheWayThroughText() {
        String text = "name \n ü 漢 😀 \uFFFD";
        assertThat(FileName.of(text)).hasToString(text);
    }

    @Test
    void joinedNamesComeApartAgain() {
        List<FileName> names = List.of(FileName.of("a b"), FileName.of(UMLAUT_THEN_STRAY_BYTES), FileName.of("c\nd"));
        assertThat(FileName.split(FileName.join(names))).isEqualTo(names);
        assertThat(FileName.split(FileName.join(List.of()))).isEmpty();
    }

    @Test
    void buildsNamesAsTheShellWould() {
        assertThat(FileName.of("dir").resolve(FileName.of("f"))).hasToString("dir/f");
        assertThat(FileName.of("dir/").resolve(FileName.of("f"))).hasToString("dir/f");
        assertThat(FileName.of("dir/f").resolveSibling(FileName.of("g"))).hasToString("dir/g");
        assertThat(FileName.of("f").resolveSibling(FileName.of("g"))).hasToString("g");
        assertThat(FileName.of("/f").resolveSibling(FileName.of("g"))).hasToString("/g");
        assertThat(FileName.of("f").plus(".rc4")).hasToString("f.rc4");
        assertThat(FileName.of("f.rc4").endsWith(".rc4")).isTrue();
        assertThat(FileName.of("rc4").endsWith(".rc4")).isFalse();
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "other systems refuse names that aren't UTF-8")
    void opensAndListsFilesWhoseNameIsNoText() throws IOException {
        FileName name = FileName.of(folder.toString()).resolve(FileName.of(UMLAUT_THEN_STRAY_BYTES));
        Files.writeString(name.path(), "content");
        try (InputStream in = name.open()) {
            assertThat(in).hasContent("content");
        }
        List<FileName> listed = new ArrayList<>();
        try (DirectoryStream<Path> listing = Files.newDirectoryStream(folder)) {
            listing.forEach(path -> listed.add(FileName.lastOf(path)));
        }
        assertThat(listed).containsExactly(FileName.of(UMLAUT_THEN_STRAY_BYTES));
        Files.delete(name.path());
    }

    @Test
    void relativeNamesMeanTheWorkingDirectory() {
        assertThat(FileName.of("pom.xml").path()).exists().isAbsolute();
    }
}
