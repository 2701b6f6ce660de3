package dev.procpool.jobs;

import dev.procpool.SerializableCallable;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Digests files in bounded memory, several in one task, so that small ones don't pay for a message each. A file that
 * can't be read fails alone.
 *
 * @param provider who computes SHA-256
 * @param names the files, see {@link FileName#join}; one array, since many small objects would cost more than the files
 */
public record DigestFiles(CryptoProvider provider, byte[] names) implements SerializableCallable<FileDigests> {
    /** Fits the second-level cache of a core, where the copies out of the kernel stay. */
    private static final int BUFFER_SIZE = 64 * 1024;

    /** As much as the JVM reads onto its stack; for more it allocates memory at each read. Most files have no more. */
    private static final int FIRST_READ = 8 * 1024;

    /** The task that digests {@code files}. */
    public static DigestFiles of(CryptoProvider provider, List<FileName> files) {
        return new DigestFiles(provider, FileName.join(files));
    }

    @Override
    public FileDigests call() {
        List<FileName> files = FileName.split(names);
        byte[] digests = new byte[files.size() * FileDigests.LENGTH];
        Map<Integer, String> failures = new HashMap<>();
        byte[] buffer = new byte[BUFFER_SIZE];
        CryptoProvider.Sha256 sha256 = provider.sha256();
        for (int i = 0; i < files.size(); i++) {
            try (InputStream in = files.get(i).open()) {
                int wanted = FIRST_READ;
                int read;
                while ((read = in.read(buffer, 0, wanted)) > 0) {
                    sha256.update(buffer, read);
                    wanted = read < wanted ? wanted : BUFFER_SIZE;
                }
                System.arraycopy(sha256.finish(), 0, digests, i * FileDigests.LENGTH, FileDigests.LENGTH);
            } catch (IOException e) {
                failures.put(i, FileErrors.reason(e));
                sha256 = provider.sha256();
            }
        }
        return new FileDigests(digests, failures);
    }
}
