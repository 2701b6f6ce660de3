package dev.procpool.jobs;

import dev.procpool.SerializableCallable;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/**
 * The classic arcfour job: random bytes are encrypted, decrypted again and compared. The result is their number.
 *
 * @param provider who computes RC4
 * @param key the key
 * @param seed the seed of the run
 * @param index the number of this job in the run
 * @param size how many bytes
 */
public record ArcfourJob(CryptoProvider provider, Rc4Key key, long seed, int index, int size)
        implements SerializableCallable<Integer> {
    /**
     * The size of job {@code index} in a run of {@code jobs}: {@code size} on average, half as much again for the last
     * index, half for the first. A run starts with the last index, so that big jobs don't come at the end.
     */
    public static int classicSize(int size, int jobs, int index) {
        return size + (int) ((double) size / jobs * (index - jobs / 2.0));
    }

    @Override
    public Integer call() throws GeneralSecurityException {
        byte[] data = RandomData.bytes(seed, index, size);
        byte[] copy = data.clone();
        provider.rc4(key).process(copy, size);
        provider.rc4(key).process(copy, size);
        if (!Arrays.equals(data, copy)) {
            throw new WrongResultException("job " + index + ": the decrypted bytes differ from the original");
        }
        return size;
    }
}
