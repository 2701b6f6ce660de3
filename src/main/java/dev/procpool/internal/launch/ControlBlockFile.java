package dev.procpool.internal.launch;

import dev.procpool.internal.os.PrivateFile;
import dev.procpool.internal.os.Uninterrupted;
import dev.procpool.internal.wire.ControlBlock;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A control block and the file behind it. Kept and used again for the next worker when one has ended: its memory is
 * already there, and a storm of crashes takes no more of it than the pool's size asks for.
 */
public final class ControlBlockFile {
    private final @Nullable PrivateFile file;
    private final ControlBlock block;

    private ControlBlockFile(@Nullable PrivateFile file, ControlBlock block) {
        this.file = file;
        this.block = block;
    }

    public static ControlBlockFile create() throws IOException {
        return Uninterrupted.get(ControlBlockFile::createOnce);
    }

    private static ControlBlockFile createOnce() throws IOException {
        PrivateFile file = PrivateFile.create(ControlBlock.SIZE);
        try {
            return new ControlBlockFile(file, ControlBlock.map(file.channel()));
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** One without a file, for a child in this JVM. */
    public static ControlBlockFile unshared(ControlBlock block) {
        return new ControlBlockFile(null, block);
    }

    public ControlBlock block() {
        return block;
    }

    public Path path() {
        if (file == null) {
            throw new IllegalStateException("nobody else can open this control block");
        }
        return file.path();
    }

    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
