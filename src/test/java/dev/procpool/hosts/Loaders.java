package dev.procpool.hosts;

import dev.procpool.ProcessPoolExecutor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import org.apache.commons.exec.CommandLine;

/** Class loaders as hosts have them, for programs that are compiled on the spot. */
final class Loaders {
    private Loaders() {}

    /** Compiles sources, by the names of their classes, into a folder of classes. */
    static Path compile(Path folder, Map<String, String> sources) throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        List<String> arguments = new ArrayList<>(
                List.of("-proc:none", "-cp", pathOf(ProcessPoolExecutor.class).toString(), "-d", classes.toString()));
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = folder.resolve("source").resolve(source.getKey().replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            Files.writeString(file, source.getValue());
            arguments.add(file.toString());
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        if (ToolProvider.getSystemJavaCompiler().run(null, said, said, arguments.toArray(String[]::new)) != 0) {
            throw new AssertionError(said);
        }
        return classes;
    }

    /** The jar or folder that a class was loaded from. */
    static Path pathOf(Class<?> type) {
        return Path.of(java.net.URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString()));
    }

    /** One that has all by itself, procpool included, and shares nothing with the class path but the JDK. */
    static URLClassLoader childFirst(Path... classes) {
        Stream<Path> all = Stream.concat(
                Stream.of(classes), Stream.of(pathOf(ProcessPoolExecutor.class), pathOf(CommandLine.class)));
        return new URLClassLoader(all.map(Loaders::url).toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    /** One whose classes are nowhere but in it: as in a jar within a jar. */
    static ClassLoader inMemory(Path... classes) {
        return new InMemory(childFirst(classes), true, null);
    }

    /** One whose procpool is a jar within a jar, which a URL can name: as in the jar of a Spring Boot program. */
    static ClassLoader nestedJar(Path folder, Path... classes) throws IOException {
        Path outer = folder.resolve("outer.jar");
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        jar(jar, pathOf(ProcessPoolExecutor.class));
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(outer))) {
            out.putNextEntry(new ZipEntry("lib/procpool.jar"));
            out.write(jar.toByteArray());
        }
        String inner = "jar:" + url(outer) + "!/lib/procpool.jar";
        URL location = new URL(
                null,
                "jar:" + inner + "!/",
                new URLStreamHandler() { // as the JDK's takes no such URL
                    @Override
                    protected URLConnection openConnection(URL url) throws IOException {
                        throw new IOException("only to be looked at: " + url);
                    }
                });
        return new InMemory(childFirst(classes), true, location);
    }

    private static void jar(OutputStream target, Path folder) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(target);
                Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
    }

    /** One that defines classes and shows nobody their files. */
    static ClassLoader secretive(Path... classes) {
        return new InMemory(childFirst(classes), false, null);
    }

    static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Calls a static method without parameters, with the loader as context, as hosts do. */
    static Object call(ClassLoader loader, String type, String method) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return loader.loadClass(type).getMethod(method).invoke(null);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static final class InMemory extends ClassLoader {
        private final URLClassLoader source;
        private final boolean shows;

        private final ProtectionDomain domain;

        InMemory(URLClassLoader source, boolean shows, URL location) {
            super(ClassLoader.getPlatformClassLoader());
            this.domain = new ProtectionDomain(new CodeSource(location, (Certificate[]) null), null);
            this.source = source;
            this.shows = shows;
        }

        private byte[] bytes(String name) {
            try (InputStream in = source.getResourceAsStream(name)) {
                return in == null ? null : in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = bytes(name.replace('.', '/') + ".class");
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length, domain);
        }

        @Override
        protected URL findResource(String name) {
            byte[] bytes = shows ? bytes(name) : null;
            if (bytes == null) {
                return null;
            }
            try {
                return new URL("memory", "", -1, "/" + name, new URLStreamHandler() {
                    @Override
                    protected URLConnection openConnection(URL url) {
                        return new URLConnection(url) {
                            @Override
                            public void connect() {}

                            @Override
                            public InputStream getInputStream() {
                                return new ByteArrayInputStream(bytes);
                            }
                        };
                    }
                });
            } catch (MalformedURLException e) {
                throw new IllegalArgumentException(e);
            }
        }

        @Override
        protected Enumeration<URL> findResources(String name) {
            URL found = findResource(name);
            return found == null ? Collections.emptyEnumeration() : Collections.enumeration(List.of(found));
        }
    }
}
