package dev.procpool.jobs;

import dev.procpool.SerializableCallable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;

/**
 * Digests a file in bounded memory. The result is its SHA-256 in lower-case hexadecimal.
 *
 * @param provider who computes SHA-256
 * @param file the file
 */
public record DigestFile(CryptoProvider provider, FileName file) implements SerializableCallable<String> {
    @Override
    public String call() throws IOException {
        CryptoProvider.Sha256 digest = provider.sha256();
        try (FileChannel in = FileChannel.open(file.path(), StandardOpenOption.READ)) {
            byte[] bytes = Buffers.forReading(in);
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (in.read(buffer.clear()) > 0) {
                digest.update(bytes, buffer.position());
            }
        }
        return HexFormat.of().formatHex(digest.finish());
    }
}
