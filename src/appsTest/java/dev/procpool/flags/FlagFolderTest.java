package dev.procpool.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlagFolderTest {
    private static final byte[] IMAGE = {1, 2, 3};

    @TempDir
    Path temp;

    @Test
    void savesInAFolderThatItMakes() throws IOException {
        Path folder = temp.resolve("a/b");
        assertThat(FlagFolder.open(folder).save("BR", IMAGE)).isEqualTo(Download.ok("BR"));
        assertThat(folder.resolve("br.svg")).hasBinaryContent(IMAGE);
        assertThat(folder).isDirectoryNotContaining(file -> !file.endsWith("br.svg"));
    }

    @Test
    void replacesAnOlderFlag() throws IOException {
        Files.write(temp.resolve("br.svg"), new byte[100]);
        FlagFolder.open(temp).save("BR", IMAGE);
        assertThat(temp.resolve("br.svg")).hasBinaryContent(IMAGE);
    }

    @Test
    void aFileIsNoFolder() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));
        assertThatThrownBy(() -> FlagFolder.open(file))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot write to folder '" + file + "' (not a folder)");
        assertThatThrownBy(() -> FlagFolder.open(file.resolve("below"))).hasMessageContaining("Not a directory");
    }

    @Test
    void whatCannotBeSavedIsAnErrorAndLeavesNothingBehind() throws IOException {
        FlagFolder folder = FlagFolder.open(temp);
        Path obstacle = Files.createDirectories(temp.resolve("br.svg/full"));
        Download download = folder.save("BR", IMAGE);
        assertThat(download.status()).isEqualTo(DownloadStatus.ERROR);
        assertThat(download.reason()).startsWith("cannot write to folder '" + temp + "' (");
        assertThat(temp).isDirectoryNotContaining(file -> !obstacle.startsWith(file));
    }

    @Test
    void nothingIsSavedAfterClose() throws IOException {
        FlagFolder folder = FlagFolder.open(temp);
        folder.close();
        assertThat(folder.save("BR", IMAGE).status()).isEqualTo(DownloadStatus.ERROR);
        assertThat(temp).isEmptyDirectory();
    }
}
