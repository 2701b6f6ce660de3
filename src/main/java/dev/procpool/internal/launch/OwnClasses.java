package dev.procpool.internal.launch;

import dev.procpool.internal.os.PrivateFile;
import dev.procpool.internal.os.Uninterrupted;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.channels.Channels;
import java.security.CodeSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a class path by which a worker finds procpool itself, where this JVM's class path doesn't hold it: the jar
 * or folder that a loader has it from, or a private jar with a copy, if it lies in a jar within a jar, or in memory.
 */
final class OwnClasses implements Closeable {
    private static final String MAIN = "dev/procpool/internal/child/ChildMain.class";

    /** Whatever a worker may need is reached from these. */
    private static final String[] ROOTS = {
        MAIN,
        "dev/procpool/ProcessPoolExecutor.class",
        "dev/procpool/Futures.class",
        "dev/procpool/SerializableCallable.class",
        "dev/procpool/SerializableRunnable.class"
    };

    private static final String[] PACKAGES = {"dev/procpool/", "org/apache/commons/exec/"};

    private final String path;
    private final @Nullable PrivateFile copy;

    private OwnClasses(String path, @Nullable PrivateFile copy) {
        this.path = path;
        this.copy = copy;
    }

    /** The entry that is needed; null if this JVM's class path or modules have it. */
    static @Nullable OwnClasses beside(WorkerSpec spec) throws IOException {
        if (!spec.served().serves() || ServedClasses.isOnFiles(OwnClasses.class.getClassLoader())) {
            return null;
        }
        File source = source();
        return source != null ? new OwnClasses(source.getPath(), null) : copy();
    }

    /**
     * Sees to it that there will be such an entry.
     *
     * @throws IllegalStateException if there can't be one
     */
    static void check() {
        ClassLoader loader = OwnClasses.class.getClassLoader();
        if (!ServedClasses.isOnFiles(loader) && source() == null && loader.getResource(MAIN) == null) {
            throw new IllegalStateException("workers can't have procpool's own classes: they were loaded by "
                    + loader.getClass().getName()
                    + ", which does not give their class files as resources (it was closed,"
                    + " or keeps its classes elsewhere); put procpool's jar on the class path of this JVM, or name it in"
                    + " the option classPath");
        }
    }

    private static @Nullable File source() {
        CodeSource source = OwnClasses.class.getProtectionDomain().getCodeSource();
        try {
            URI location = source == null || source.getLocation() == null
                    ? null
                    : source.getLocation().toURI();
            if (location == null || !"file".equals(location.getScheme())) {
                return null;
            }
            File file = new File(location);
            return holdsMain(file) ? file : null;
        } catch (URISyntaxException | IOException | IllegalArgumentException e) {
            return null; // no file, or none of classes
        }
    }

    /** What a loader says of where it has its classes from may be true in its own way only. */
    private static boolean holdsMain(File file) throws IOException {
        if (file.isDirectory()) {
            return new File(file, MAIN).isFile();
        }
        try (ZipFile jar = new ZipFile(file)) {
            return jar.getEntry(MAIN) != null;
        }
    }

    private static OwnClasses copy() throws IOException {
        PrivateFile file = Uninterrupted.get(OwnClasses::write);
        return new OwnClasses(file.path().toString(), file);
    }

    private static PrivateFile write() throws IOException {
        PrivateFile file = PrivateFile.create();
        try {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(file.channel()), 1 << 16);
            if (!copyInnerJar(out)) {
                ZipOutputStream jar = new ZipOutputStream(out);
                jar.setLevel(Deflater.NO_COMPRESSION);
                writeAll(jar);
                jar.finish();
            }
            out.flush();
            return file;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** A jar within a jar can be had as a whole, in a fraction of the time that its classes take one by one. */
    private static boolean copyInnerJar(OutputStream out) throws IOException {
        CodeSource source = OwnClasses.class.getProtectionDomain().getCodeSource();
        String location = source == null || source.getLocation() == null
                ? ""
                : source.getLocation().toExternalForm();
        if (!location.startsWith("jar:") || !location.endsWith("!/")) {
            return false;
        }
        byte[] jar;
        try (InputStream in =
                new URL(location.substring("jar:".length(), location.length() - "!/".length())).openStream()) {
            jar = in.readAllBytes();
        } catch (IOException e) {
            return false; // no jar in the sense of that URL
        }
        boolean complete = holdsMain(jar);
        if (complete) {
            out.write(jar);
        }
        return complete;
    }

    private static boolean holdsMain(byte[] jar) throws IOException {
        ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(jar));
        for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
            if (entry.getName().equals(MAIN)) {
                return true;
            }
        }
        return false;
    }

    private static void writeAll(ZipOutputStream jar) throws IOException {
        Set<String> seen = new HashSet<>();
        Deque<String> left = new ArrayDeque<>();
        for (String root : ROOTS) {
            seen.add(root);
            left.add(root);
        }
        for (String name = left.poll(); name != null; name = left.poll()) {
            byte[] bytes = bytesOf(name);
            if (bytes == null) {
                continue; // as annotations are that exist only for compilers
            }
            jar.putNextEntry(new ZipEntry(name));
            jar.write(bytes);
            jar.closeEntry();
            for (String referred : classesIn(bytes)) {
                if (seen.add(referred)) {
                    left.add(referred);
                }
            }
        }
    }

    private static byte @Nullable [] bytesOf(String name) throws IOException {
        try (InputStream in = OwnClasses.class.getClassLoader().getResourceAsStream(name)) {
            return in == null ? null : in.readAllBytes();
        }
    }

    /** The class files of ours that a class file names in its constants. */
    private static Set<String> classesIn(byte[] classFile) throws IOException {
        Set<String> found = new HashSet<>();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
        in.skipBytes(8); // magic and version
        int count = in.readUnsignedShort();
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> addName(in.readUTF(), found);
                case 7, 8, 16, 19, 20 -> in.skipBytes(2);
                case 15 -> in.skipBytes(3);
                case 5, 6 -> {
                    in.skipBytes(8);
                    i++; // takes two places
                }
                default -> in.skipBytes(4);
            }
        }
        return found;
    }

    /** The text of a constant may be a name as such, or one with dots, for reflection. */
    private static void addName(String text, Set<String> found) {
        String name = text.replace('.', '/');
        for (String ours : PACKAGES) {
            if (name.startsWith(ours)) {
                found.add(name + ".class");
            }
        }
    }

    String path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        if (copy != null) {
            copy.close();
        }
    }
}
