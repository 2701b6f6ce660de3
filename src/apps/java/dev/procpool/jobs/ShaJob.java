package dev.procpool.jobs;

import dev.procpool.SerializableCallable;
import java.util.HexFormat;

/**
 * The classic sha job: random bytes are digested. The result is their SHA-256 in lower-case hexadecimal.
 *
 * @param provider who computes SHA-256
 * @param seed the seed of the run
 * @param index the number of this job in the run
 * @param size how many bytes
 */
public record ShaJob(CryptoProvider provider, long seed, int index, int size) implements SerializableCallable<String> {
    @Override
    public String call() {
        CryptoProvider.Sha256 digest = provider.sha256();
        digest.update(RandomData.bytes(seed, index, size), size);
        return HexFormat.of().formatHex(digest.finish());
    }
}
