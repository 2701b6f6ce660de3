package dev.procpool.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class JobsTest {
    private static final Rc4Key KEY = new Rc4Key(new byte[] {'k'});

    @TempDir
    Path folder;

    @Test
    void classicSizesGoFrom384To149Kilobytes() {
        assertThat(IntStream.rangeClosed(1, 12).map(i -> ArcfourJob.classicSize(262_144, 12, i)))
                .containsExactly(
                        152_918, 174_763, 196_608, 218_454, 240_299, 262_144, 283_989, 305_834, 327_680, 349_525,
                        371_370, 393_216);
    }

    @Test
    void arcfourJobReturnsItsSize() throws Exception {
        for (CryptoProvider provider : CryptoProvider.values()) {
            assertThat(new ArcfourJob(provider, KEY, 1, 12, 100_000).call()).isEqualTo(100_000);
        }
    }

    @Test
    void randomDataCanBeMadeAgain() {
        byte[] data = RandomData.bytes(1, 2, 1000);
        assertThat(RandomData.bytes(1, 2, 1000)).isEqualTo(data);
        assertThat(RandomData.bytes(1, 3, 1000)).isNotEqualTo(data);
        assertThat(RandomData.bytes(2, 2, 1000)).isNotEqualTo(data);
    }

    @Test
    void shaJobsOfBothProvidersAgree() {
        String digest = new ShaJob(CryptoProvider.BC, 1, 2, 100_000).call();
        assertThat(digest).matches("[0-9a-f]{64}");
        assertThat(new ShaJob(CryptoProvider.JDK, 1, 2, 100_000).call()).isEqualTo(digest);
    }

    @Test
    void filesOfAnyLengthAreReadToTheirEnd() throws Exception {
        for (int length : new int[] {1, 8191, 8192, 8193, 8192 + 65_536, 8192 + 65_537}) {
            byte[] data = RandomData.bytes(1, 1, length);
            byte[] right = MessageDigest.getInstance("SHA-256").digest(data);
            FileDigests digests = DigestFiles.of(CryptoProvider.JDK, List.of(file("a" + length, data)))
                    .call();
            assertThat(digests.digest(0))
                    .as("%d bytes", length)
                    .isEqualTo(HexFormat.of().formatHex(right));
        }
    }

    @Test
    void aFileThatCannotBeReadFailsAlone() throws IOException {
        FileName good = file("good", new byte[200_000]);
        FileName empty = file("empty", new byte[0]);
        FileName missing = name("missing");
        FileName directory = FileName.of(folder.toString());
        for (CryptoProvider provider : CryptoProvider.values()) {
            FileDigests digests = DigestFiles.of(provider, List.of(good, missing, directory, empty))
                    .call();
            assertThat(digests.digest(0)).isEqualTo("4cbbd9be0cba685835755f827758705db5a413c5494c34262cd25946a73e7582");
            assertThat(digests.failure(0)).isNull();
            assertThat(digests.failure(1)).isEqualTo("No such file or directory");
            assertThat(digests.failure(2)).isEqualTo("Is a directory");
            assertThat(digests.digest(3)).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        }
    }

    @Test
    void encryptingTwiceGivesTheOriginal() throws Exception {
        byte[] original = RandomData.bytes(1, 1, 200_001);
        FileName plain = file("plain", original);
        FileName encrypted = file("encrypted", new byte[] {1, 2, 3});
        for (CryptoProvider provider : CryptoProvider.values()) {
            assertThat(encrypt(provider, plain, encrypted)).isEqualTo(original.length);
            assertThat(Files.readAllBytes(encrypted.path()))
                    .hasSize(original.length)
                    .isNotEqualTo(original);
            encrypt(provider, encrypted, name("again"));
            assertThat(Files.readAllBytes(name("again").path())).isEqualTo(original);
        }
    }

    @Test
    void aFailedEncryptionLeavesTargetAndFolderAsTheyWere() throws IOException {
        FileName target = file("target", new byte[] {1, 2, 3});
        assertThatThrownBy(() -> encrypt(CryptoProvider.BC, name("missing"), target))
                .isInstanceOf(NoSuchFileException.class);
        FileName source = file("source", new byte[10]);
        Files.createDirectory(name("directory").path());
        file("directory/entry", new byte[0]);
        assertThatThrownBy(() -> encrypt(CryptoProvider.BC, source, name("directory")))
                .isInstanceOf(IOException.class);
        assertThat(Files.readAllBytes(target.path())).containsExactly(1, 2, 3);
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("target", "source", "directory");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no such permissions")
    void theTargetHasThePermissionsOfTheSource() throws Exception {
        FileName source = file("private", new byte[10]);
        Files.setPosixFilePermissions(source.path(), PosixFilePermissions.fromString("r--------"));
        FileName target = file("target", new byte[0]);
        encrypt(CryptoProvider.JDK, source, target);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target.path())))
                .isEqualTo("r--------");
    }

    private long encrypt(CryptoProvider provider, FileName source, FileName target) throws Exception {
        return new EncryptFile(provider, KEY, source, target, name(".temporary")).call();
    }

    private FileName name(String last) {
        return FileName.of(folder.toString()).resolve(FileName.of(last));
    }

    private FileName file(String last, byte[] content) throws IOException {
        FileName name = name(last);
        Files.write(name.path(), content);
        return name;
    }
}
