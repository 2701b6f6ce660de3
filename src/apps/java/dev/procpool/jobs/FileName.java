package dev.procpool.jobs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The name of a file as Unix keeps it: bytes, in no particular charset.
 *
 * <p>The JVM decodes names with the charset of the locale, and what it can't decode it can't open: under {@code LANG=C}
 * that is every name that isn't ASCII, and under UTF-8 any stray byte. A {@code FileName} keeps the bytes, travels to
 * workers whose locale may differ, and opens the file that has just these bytes.
 *
 * <p>As text, bytes that aren't UTF-8 appear as the lone surrogates U+DC80 to U+DCFF, the way Python does it, so that
 * {@link #of(String)} and {@link #toString} lose nothing. Immutable.
 */
public final class FileName implements Serializable, Comparable<FileName> {
    private static final long serialVersionUID = 1;
    private static final int ESCAPE = 0xDC00;
    private static final Path WORKING_DIRECTORY_LINK = Path.of("/proc/self/cwd");

    private final byte[] bytes;

    private FileName(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The name with these bytes. */
    public static FileName of(byte[] bytes) {
        return new FileName(bytes.clone());
    }

    /** The name with this text, where lone surrogates U+DC80 to U+DCFF stand for bytes that aren't UTF-8. */
    public static FileName of(String text) {
        return new FileName(encode(text));
    }

    /** The last component of {@code path}, exactly as the file system has it. */
    public static FileName lastOf(Path path) {
        String text = String.valueOf(path.getFileName());
        if (isAscii(text)) {
            return new FileName(text.getBytes(ISO_8859_1));
        }
        // The text may have lost bytes, but a path that was listed from a directory holds them, and its URI shows them.
        byte[] all = percentDecoded(path.toUri().getRawPath());
        int end = all[all.length - 1] == '/' ? all.length - 1 : all.length;
        int start = end;
        while (all[start - 1] != '/') {
            start--;
        }
        return new FileName(Arrays.copyOfRange(all, start, end));
    }

    /** The bytes of {@code text}; the inverse of {@link #decode}. */
    public static byte[] encode(String text) {
        if (isAscii(text)) {
            return text.getBytes(ISO_8859_1);
        }
        ByteArrayOutputStream encoded = new ByteArrayOutputStream(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (c >= ESCAPE + 0x80 && c <= ESCAPE + 0xFF) {
                encoded.write(c - ESCAPE);
            } else {
                encoded.writeBytes(Character.toString(c).getBytes(UTF_8));
            }
        });
        return encoded.toByteArray();
    }

    /** The text of {@code bytes}: UTF-8, with other bytes as lone surrogates U+DC80 to U+DCFF. */
    public static String decode(byte[] bytes) {
        String ascii = new String(bytes, ISO_8859_1);
        if (isAscii(ascii)) {
            return ascii;
        }
        CharsetDecoder decoder = UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            if (!result.isError()) {
                return out.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (ESCAPE + (in.get() & 0xFF)));
            }
        }
    }

    /** The name of the file {@code child} in this directory. */
    public FileName resolve(FileName child) {
        int separator = bytes.length > 0 && bytes[bytes.length - 1] != '/' ? 1 : 0;
        byte[] joined = Arrays.copyOf(bytes, bytes.length + separator + child.bytes.length);
        if (separator == 1) {
            joined[bytes.length] = '/';
        }
        System.arraycopy(child.bytes, 0, joined, bytes.length + separator, child.bytes.length);
        return new FileName(joined);
    }

    /** The name {@code sibling} in the directory of this file. */
    public FileName resolveSibling(FileName sibling) {
        int slash = bytes.length - 1;
        while (slash >= 0 && bytes[slash] != '/') {
            slash--;
        }
        return new FileName(Arrays.copyOf(bytes, slash + 1)).resolve(sibling);
    }

    /** This name with {@code suffix}, which is ASCII, at its end. */
    public FileName plus(String suffix) {
        byte[] joined = Arrays.copyOf(bytes, bytes.length + suffix.length());
        System.arraycopy(suffix.getBytes(ISO_8859_1), 0, joined, bytes.length, suffix.length());
        return new FileName(joined);
    }

    /** Whether this name ends with {@code suffix}, which is ASCII. */
    public boolean endsWith(String suffix) {
        byte[] end = suffix.getBytes(ISO_8859_1);
        return bytes.length >= end.length
                && Arrays.equals(bytes, bytes.length - end.length, bytes.length, end, 0, end.length);
    }

    /** The same file, for processes that have another working directory. */
    public FileName absolute() {
        return bytes.length > 0 && bytes[0] == '/' ? this : workingDirectory().resolve(this);
    }

    /** The path that opens this file, absolute. */
    public Path path() {
        byte[] absolute = absolute().bytes;
        String text = new String(absolute, ISO_8859_1);
        // A file URI is the one public way to make a path of given bytes whatever the charset of the locale.
        return isAscii(text) ? Path.of(text) : Path.of(URI.create("file://" + percentEncoded(absolute)));
    }

    /** Opens this file for reading. */
    public InputStream open() throws IOException {
        String text = new String(bytes, ISO_8859_1);
        if (!isAscii(text)) {
            return Files.newInputStream(path());
        }
        try {
            return new FileInputStream(text); // costs half of what Files.newInputStream does
        } catch (FileNotFoundException e) {
            return Files.newInputStream(path()); // says better what is wrong
        }
    }

    /** The names in one array, each followed by a zero byte, which no name contains. */
    public static byte[] join(List<FileName> names) {
        byte[] joined =
                new byte[names.stream().mapToInt(name -> name.bytes.length + 1).sum()];
        int end = 0;
        for (FileName name : names) {
            System.arraycopy(name.bytes, 0, joined, end, name.bytes.length);
            end += name.bytes.length + 1;
        }
        return joined;
    }

    /** The inverse of {@link #join}. */
    public static List<FileName> split(byte[] joined) {
        List<FileName> names = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < joined.length; i++) {
            if (joined[i] == 0) {
                names.add(new FileName(Arrays.copyOfRange(joined, start, i)));
                start = i + 1;
            }
        }
        return names;
    }

    @Override
    public int compareTo(FileName other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FileName name && Arrays.equals(bytes, name.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return decode(bytes);
    }

    private static FileName workingDirectory() {
        return WorkingDirectory.NAME;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static String percentEncoded(byte[] bytes) {
        StringBuilder encoded = new StringBuilder(3 * bytes.length);
        for (byte b : bytes) {
            if (b > 0 && (b == '/' || Character.isLetterOrDigit(b))) {
                encoded.append((char) b);
            } else {
                encoded.append('%')
                        .append(Character.forDigit((b >> 4) & 15, 16))
                        .append(Character.forDigit(b & 15, 16));
            }
        }
        return encoded.toString();
    }

    private static byte[] percentDecoded(String encoded) {
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            if (encoded.charAt(i) == '%') {
                decoded.write(Integer.parseInt(encoded, i + 1, i + 3, 16));
                i += 2;
            } else {
                decoded.write(encoded.charAt(i));
            }
        }
        return decoded.toByteArray();
    }

    /** Read once, when the first relative name is opened. */
    private static final class WorkingDirectory {
        static final FileName NAME = read();

        /** The property {@code user.dir} has been decoded with the locale's charset; the link in /proc has the bytes. */
        private static FileName read() {
            try {
                if (!Files.isSymbolicLink(WORKING_DIRECTORY_LINK)) {
                    return of(Path.of("").toAbsolutePath().toString());
                }
                Path target = Files.readSymbolicLink(WORKING_DIRECTORY_LINK);
                return of(percentDecoded(target.toUri().getRawPath()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
