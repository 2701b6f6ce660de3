package dev.procpool.jobs;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Locale;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.RC4Engine;
import org.bouncycastle.crypto.params.KeyParameter;

/** Who computes RC4 and SHA-256. Both give the same bytes; they differ in speed and start-up. */
public enum CryptoProvider {
    /** Bouncy Castle's lightweight API: plain Java, no provider look-up. */
    BC {
        @Override
        public Rc4 rc4(Rc4Key key) {
            RC4Engine engine = new RC4Engine();
            engine.init(true, new KeyParameter(key.bytes()));
            return (data, length) -> engine.processBytes(data, 0, length, data, 0);
        }

        @Override
        public Sha256 sha256() {
            SHA256Digest digest = new SHA256Digest();
            return new Sha256() {
                @Override
                public void update(byte[] data, int length) {
                    digest.update(data, 0, length);
                }

                @Override
                public byte[] finish() {
                    byte[] result = new byte[digest.getDigestSize()];
                    digest.doFinal(result, 0);
                    return result;
                }
            };
        }
    },

    /** The JDK's own, which uses the SHA instructions of the CPU. Its RC4 takes keys of up to 128 bytes. */
    JDK {
        @Override
        public Rc4 rc4(Rc4Key key) {
            try {
                Cipher cipher = Cipher.getInstance("ARCFOUR");
                cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key.repeatedTo(5), "ARCFOUR"));
                return (data, length) -> cipher.update(data, 0, length, data, 0);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the JDK has no RC4 for this key: " + e.getMessage(), e);
            }
        }

        @Override
        public Sha256 sha256() {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                return new Sha256() {
                    @Override
                    public void update(byte[] data, int length) {
                        digest.update(data, 0, length);
                    }

                    @Override
                    public byte[] finish() {
                        return digest.digest();
                    }
                };
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the JDK has no SHA-256", e);
            }
        }

        @Override
        public int maxKeyLength() {
            return 128;
        }
    };

    /** An RC4 key stream at its beginning. */
    public abstract Rc4 rc4(Rc4Key key);

    /** An empty SHA-256 digest. */
    public abstract Sha256 sha256();

    /** The longest RC4 key this provider takes, in bytes. */
    public int maxKeyLength() {
        return Rc4Key.MAX_LENGTH;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A running RC4 key stream. Not thread-safe. */
    @FunctionalInterface
    public interface Rc4 {
        /**
         * Encrypts or decrypts the first {@code length} bytes of {@code data} in place and moves the key stream on.
         *
         * @throws GeneralSecurityException never with the providers here; the JDK's API declares it
         */
        void process(byte[] data, int length) throws GeneralSecurityException;
    }

    /** A running SHA-256 digest. Not thread-safe. */
    public interface Sha256 {
        /** Adds the first {@code length} bytes of {@code data}. */
        void update(byte[] data, int length);

        /** The 32 bytes of the digest; the next update begins another one. */
        byte[] finish();
    }
}
