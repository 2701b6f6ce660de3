package dev.procpool.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CryptoProviderTest {
    /** Provider, key, text, encrypted. The last two were computed with OpenSSL's RC4 for keys of these lengths. */
    static Stream<Arguments> rc4Vectors() {
        return Stream.of(CryptoProvider.values())
                .flatMap(provider -> Stream.of(
                        Arguments.of(provider, "Key", "Plaintext", "bbf316e8d940af0ad3"),
                        Arguments.of(provider, "Wiki", "pedia", "1021bf0420"),
                        Arguments.of(provider, "Secret", "Attack at dawn", "45a01f645fc35b383552544b9bf5"),
                        Arguments.of(
                                provider,
                                "k",
                                "hello world, some data",
                                "0787cc3da8efd1e1e90a8092d6b32e2e4b7a56d9c104")));
    }

    @ParameterizedTest
    @MethodSource("rc4Vectors")
    void rc4GivesTheKnownBytes(CryptoProvider provider, String key, String text, String encrypted) throws Exception {
        byte[] data = text.getBytes(UTF_8);
        provider.rc4(key(key)).process(data, data.length);
        assertThat(HexFormat.of().formatHex(data)).isEqualTo(encrypted);
    }

    /** RFC 6229: the key stream for the 40-bit key 0102030405, at its start. */
    @ParameterizedTest
    @EnumSource
    void rc4GivesTheKeyStreamOfRfc6229(CryptoProvider provider) throws Exception {
        byte[] zeros = new byte[16];
        provider.rc4(new Rc4Key(new byte[] {1, 2, 3, 4, 5})).process(zeros, 16);
        assertThat(HexFormat.of().formatHex(zeros)).isEqualTo("b2396305f03dc027ccc3524a0a1118a8");
    }

    @ParameterizedTest
    @EnumSource
    void rc4InPiecesIsRc4InOneGo(CryptoProvider provider) throws Exception {
        byte[] whole = RandomData.bytes(1, 1, 1000);
        byte[] first = Arrays.copyOf(whole, 300);
        byte[] second = Arrays.copyOfRange(whole, 300, 1000);
        provider.rc4(key("k")).process(whole, 1000);
        CryptoProvider.Rc4 stream = provider.rc4(key("k"));
        stream.process(first, 300);
        stream.process(second, 700);
        assertThat(Arrays.copyOf(whole, 300)).isEqualTo(first);
        assertThat(Arrays.copyOfRange(whole, 300, 1000)).isEqualTo(second);
    }

    @Test
    void providersAgreeForEveryLengthOfKey() throws Exception {
        for (int length = 1; length <= CryptoProvider.JDK.maxKeyLength(); length++) {
            Rc4Key key = new Rc4Key(RandomData.bytes(7, length, length));
            byte[] bc = new byte[100];
            byte[] jdk = new byte[100];
            CryptoProvider.BC.rc4(key).process(bc, 100);
            CryptoProvider.JDK.rc4(key).process(jdk, 100);
            assertThat(jdk).as("key of %d bytes", length).isEqualTo(bc);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sha256GivesTheKnownDigests(CryptoProvider provider) {
        CryptoProvider.Sha256 sha256 = provider.sha256();
        assertThat(HexFormat.of().formatHex(sha256.finish()))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        sha256.update("abcd".getBytes(UTF_8), 2);
        sha256.update("cd".getBytes(UTF_8), 1);
        assertThat(HexFormat.of().formatHex(sha256.finish()))
                .as("abc in two pieces, with the digest used again")
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void aKeyHasOneTo256Bytes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Rc4Key(new byte[0]))
                .withMessage("key must have 1 to 256 bytes, but has 0");
        assertThatIllegalArgumentException().isThrownBy(() -> new Rc4Key(new byte[257]));
        assertThat(new Rc4Key(new byte[256])).hasToString("Rc4Key of 256 bytes");
    }

    private static Rc4Key key(String text) {
        return new Rc4Key(text.getBytes(UTF_8));
    }
}
