package dev.procpool.jobs;

import dev.procpool.SerializableCallable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Set;

/**
 * Encrypts a file with RC4, which is also how it is decrypted, in bounded memory. The result is its length.
 *
 * <p>The bytes go to {@code temporary} first, which then becomes {@code target} in one step: a target is whole or as it
 * was before. It gets the permissions of the source, so that nobody can read it who couldn't read the source. When the
 * job fails it removes {@code temporary}; when its process is killed, whoever submitted the job has to.
 *
 * @param provider who computes RC4
 * @param key the key
 * @param source the file to read
 * @param target the file to write or replace
 * @param temporary a name in the folder of {@code target} where no file is
 */
public record EncryptFile(CryptoProvider provider, Rc4Key key, FileName source, FileName target, FileName temporary)
        implements SerializableCallable<Long> {
    private static final int BUFFER_SIZE = 64 * 1024;

    @Override
    public Long call() throws IOException, GeneralSecurityException {
        Path unfinished = temporary.path();
        boolean moved = false;
        try (FileChannel in = FileChannel.open(source.path(), StandardOpenOption.READ)) {
            long length = encrypt(in, unfinished);
            Files.move(unfinished, target.path(), StandardCopyOption.ATOMIC_MOVE);
            moved = true;
            return length;
        } finally {
            if (!moved) {
                Files.deleteIfExists(unfinished);
            }
        }
    }

    private long encrypt(FileChannel in, Path unfinished) throws IOException, GeneralSecurityException {
        CryptoProvider.Rc4 stream = provider.rc4(key);
        byte[] bytes = new byte[BUFFER_SIZE];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long length = 0;
        try (FileChannel out = FileChannel.open(
                unfinished, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), permissions())) {
            while (in.read(buffer.clear()) > 0) {
                stream.process(bytes, buffer.position());
                length += buffer.position();
                buffer.flip();
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
            }
        }
        return length;
    }

    private FileAttribute<?>[] permissions() throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(source.path(), PosixFileAttributeView.class);
        return view == null
                ? new FileAttribute<?>[0]
                : new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(view.readAttributes().permissions())
                };
    }
}
