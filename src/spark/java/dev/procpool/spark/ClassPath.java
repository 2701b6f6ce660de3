package dev.procpool.spark;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/** What the application of this JVM consists of, as files that can be sent. */
final class ClassPath {
    private static final int HASH_LENGTH = 16;

    private ClassPath() {}

    /** The jars and folders from which this JVM loads its classes, those included that a jar's manifest names. */
    static Set<Path> entries() {
        Set<Path> entries = new LinkedHashSet<>();
        for (String entry :
                Objects.requireNonNull(System.getProperty("java.class.path")).split(File.pathSeparator, -1)) {
            add(Path.of(entry), entries);
        }
        return entries;
    }

    /** Where a class was loaded from. */
    static Path of(Class<?> type) {
        return Path.of(URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString()));
    }

    private static void add(Path entry, Set<Path> entries) {
        if (Files.isDirectory(entry)) {
            entries.add(entry);
        } else if (Files.isRegularFile(entry) && entries.add(entry)) {
            for (String url : manifestClassPath(entry)) {
                URI uri = entry.toUri().resolve(url);
                if ("file".equals(uri.getScheme())) {
                    add(Path.of(uri), entries);
                }
            }
        }
    }

    private static List<String> manifestClassPath(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            String names =
                    manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            return names == null ? List.of() : List.of(names.trim().split("\\s+", -1));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + jar + ", which is on the class path", e);
        }
    }

    /**
     * Puts a jar, or a jar of a folder's content, into {@code target} under a name that begins with a hash of its content.
     */
    static Path pack(Path entry, Path target) {
        try {
            Path name =
                    Objects.requireNonNull(entry.toAbsolutePath().normalize().getFileName(), "a root has no classes");
            if (!Files.isDirectory(entry)) {
                Path link = target.resolve(hash(entry) + "-" + name);
                if (!Files.exists(link)) {
                    Files.createSymbolicLink(link, entry.toAbsolutePath());
                }
                return link;
            }
            Path jar = Files.createTempFile(target, "folder", ".jar");
            jarOf(entry, jar);
            Path named = target.resolve(hash(jar) + "-" + name + ".jar");
            return Files.move(jar, named, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare " + entry + " for the cluster: " + e.getMessage(), e);
        }
    }

    /** The same bytes for the same files. */
    private static void jarOf(Path folder, Path jar) throws IOException {
        try (Stream<Path> walk = Files.walk(folder);
                OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setLevel(java.util.zip.Deflater.BEST_SPEED);
            for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
                ZipEntry entry = new ZipEntry(folder.relativize(file).toString().replace(File.separatorChar, '/'));
                entry.setTime(0);
                zip.putNextEntry(entry);
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
    }

    private static String hash(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JVM has SHA-256", e);
        }
    }

    /** The last part of a path, for comparison; null for a root. */
    static @Nullable String fileName(Path path) {
        Path name = path.getFileName();
        return name == null ? null : name.toString();
    }
}
