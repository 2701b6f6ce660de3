package dev.procpool.internal.launch;

import dev.procpool.internal.os.PrivateFile;
import dev.procpool.internal.os.Uninterrupted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.List;
import java.util.stream.Collectors;

/** A file from which {@code java} reads arguments that can't be on its command line. */
public final class ArgumentFile {
    /** How this system writes names and command lines, which need not be this JVM's default charset. */
    static final Charset CHARSET = Charset.forName(System.getProperty("sun.jnu.encoding"));

    private ArgumentFile() {}

    /** Writes {@code arguments} to a file, which {@code java} takes as {@code @path}. */
    public static PrivateFile of(List<String> arguments) throws IOException {
        String text = arguments.stream().map(ArgumentFile::quoted).collect(Collectors.joining("\n", "", "\n"));
        byte[] bytes = text.getBytes(CHARSET);
        return Uninterrupted.get(() -> write(bytes));
    }

    private static PrivateFile write(byte[] text) throws IOException {
        PrivateFile file = PrivateFile.create();
        try {
            ByteBuffer bytes = ByteBuffer.wrap(text);
            while (bytes.hasRemaining()) {
                file.channel().write(bytes);
            }
            return file;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static String quoted(String argument) {
        return '"'
                + argument.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                + '"';
    }
}
