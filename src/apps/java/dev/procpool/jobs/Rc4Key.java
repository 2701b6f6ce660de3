package dev.procpool.jobs;

import java.io.Serializable;

/**
 * The key of an RC4 key stream: 1 to 256 bytes, used as they are. Immutable; {@link #toString} does not show the bytes.
 */
public final class Rc4Key implements Serializable {
    /** The longest key in bytes: RC4's key schedule ignores what comes after. */
    public static final int MAX_LENGTH = 256;

    private static final long serialVersionUID = 1;

    private final byte[] bytes;

    /**
     * Makes a key of these bytes.
     *
     * @throws IllegalArgumentException if there are fewer than 1 or more than 256
     */
    public Rc4Key(byte[] bytes) {
        if (bytes.length < 1 || bytes.length > MAX_LENGTH) {
            throw new IllegalArgumentException("key must have 1 to 256 bytes, but has " + bytes.length);
        }
        this.bytes = bytes.clone();
    }

    /** The number of bytes, 1 to 256. */
    public int length() {
        return bytes.length;
    }

    byte[] bytes() {
        return bytes.clone();
    }

    /**
     * The same key in a longer spelling for implementations that refuse short ones: the key schedule reads the key round
     * and round, so a key written several times in a row gives the same key stream.
     */
    byte[] repeatedTo(int minLength) {
        int times = (minLength + bytes.length - 1) / bytes.length;
        byte[] repeated = new byte[Math.max(1, times) * bytes.length];
        for (int i = 0; i < repeated.length; i++) {
            repeated[i] = bytes[i % bytes.length];
        }
        return repeated;
    }

    @Override
    public String toString() {
        return "Rc4Key of " + bytes.length + " bytes";
    }
}
