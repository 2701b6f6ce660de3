package dev.procpool.internal.child;

import dev.procpool.internal.wire.Questions;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Stands for one class loader of the parent, and finds what that one finds: the parent says for each class which of its
 * loaders has it, so that classes which share a loader there do so here, too. What the parent has from its class path is
 * taken from ours, which is the same; procpool and the JDK are always our own.
 */
final class ServedLoader extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private static final String OURS = "dev.procpool.";
    /** So many names that the parent doesn't have are remembered. */
    private static final int MOST_MISSING = 20_000;

    private static final ClassLoader FILES = ServedLoader.class.getClassLoader();
    private static final ClassLoader PLATFORM = getPlatformClassLoader();

    private final int number;
    /** Whether it stands for the loader of the class path, in front of others. */
    private final boolean filesFirst;

    private final ServedLoaders all;
    private final Inquiry inquiry;
    private final Map<String, Boolean> missing = new ConcurrentHashMap<>();
    /** One for each place that classes come from. */
    private final Map<String, ProtectionDomain> domains = new ConcurrentHashMap<>();

    ServedLoader(int number, boolean filesFirst, ServedLoaders all, Inquiry inquiry) {
        super("procpool-served-" + number, FILES);
        this.number = number;
        this.filesFirst = filesFirst;
        this.all = all;
        this.inquiry = inquiry;
    }

    /** What was missing may be there now. */
    void lookAgain() {
        missing.clear();
    }

    // ---- classes ----------------------------------------------------------------------------------------------------

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> found = findLoadedClass(name);
            if (found == null && (filesFirst || name.startsWith(OURS))) {
                found = find(FILES, name);
            }
            if (found == null) {
                found = find(PLATFORM, name);
            }
            if (found == null) {
                found = findClass(name);
            }
            if (resolve) {
                resolveClass(found);
            }
            return found;
        }
    }

    private static @Nullable Class<?> find(ClassLoader loader, String name) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (missing.containsKey(name) || !Questions.isProperClass(name)) {
            throw new ClassNotFoundException(name);
        }
        Inquiry.Found found = askForClass(Questions.CLASS, name);
        if (found != null && found.owner() == 0) {
            Class<?> onFiles = find(FILES, name);
            if (onFiles != null) {
                return onFiles;
            }
            found = askForClass(Questions.CLASS_NOT_ON_FILES, name);
        }
        if (found == null) {
            noteMissing(name);
            throw new ClassNotFoundException(name);
        }
        return all.get(found.owner(), false).define(found);
    }

    private Inquiry.@Nullable Found askForClass(byte kind, String name) throws ClassNotFoundException {
        try {
            List<Inquiry.Found> found = inquiry.ask(kind, number, name);
            return found.isEmpty() ? null : found.get(0);
        } catch (IOException e) {
            throw new ClassNotFoundException(e.getMessage(), e);
        }
    }

    private Class<?> define(Inquiry.Found found) {
        String name = found.name();
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            byte[] bytes = found.content();
            return defineClass(name, bytes, 0, bytes.length, domain(found.location()));
        }
    }

    private ProtectionDomain domain(String location) {
        ProtectionDomain known = domains.get(location);
        if (known == null) {
            CodeSource source = new CodeSource(url(location), (Certificate[]) null);
            known = new ProtectionDomain(source, null, this, null);
            domains.put(location, known);
        }
        return known;
    }

    private static @Nullable URL url(String location) {
        try {
            return location.isEmpty() ? null : new URL(location);
        } catch (MalformedURLException e) {
            return null; // of a kind that only the parent's program knows
        }
    }

    private void noteMissing(String name) {
        if (missing.size() >= MOST_MISSING) {
            missing.clear();
        }
        missing.put(name, true);
    }

    // ---- resources --------------------------------------------------------------------------------------------------

    @Override
    public @Nullable URL getResource(String name) {
        URL ofPlatform = PLATFORM.getResource(name);
        if (ofPlatform != null) {
            return ofPlatform;
        }
        URL onFiles = filesFirst ? FILES.getResource(name) : null;
        if (onFiles != null) {
            return onFiles;
        }
        List<Inquiry.Found> found = askForResources(Questions.RESOURCE, name);
        if (found.isEmpty()) {
            return null;
        }
        return found.get(0).owner() == 0 ? FILES.getResource(name) : url(found.get(0));
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> urls = Collections.list(FILES.getResources(name));
        for (Inquiry.Found found : askForResources(Questions.RESOURCES, name)) {
            urls.add(url(found));
        }
        return Collections.enumeration(urls);
    }

    private List<Inquiry.Found> askForResources(byte kind, String name) {
        String key = kind + name; // begins with a digit, as no name of a class does
        if (missing.containsKey(key) || !Questions.isProperResource(name)) {
            return new ArrayList<>();
        }
        try {
            List<Inquiry.Found> found = inquiry.ask(kind, number, name);
            if (found.isEmpty()) {
                noteMissing(key);
            }
            return found;
        } catch (IOException e) {
            return new ArrayList<>(); // as any class loader does whose files can't be read
        }
    }

    private URL url(Inquiry.Found found) {
        try {
            String path = "/" + number + "/" + found.name();
            return new URL("procpool", "", -1, path, new Handler(path, found.content()));
        } catch (MalformedURLException e) {
            throw new IllegalStateException("an empty host and no port are always well-formed", e);
        }
    }

    /** Knows the bytes of one resource, and asks for those of others, to which a relative URL may lead. */
    private final class Handler extends URLStreamHandler {
        private final String path;
        private final byte[] content;

        Handler(String path, byte[] content) {
            this.path = path;
            this.content = content;
        }

        @Override
        protected URLConnection openConnection(URL url) throws IOException {
            if (url.getPath().equals(path)) {
                return new Connection(url, content);
            }
            String prefix = "/" + number + "/";
            String name = url.getPath().startsWith(prefix) ? url.getPath().substring(prefix.length()) : "";
            for (Inquiry.Found found : askForResources(Questions.RESOURCE, name)) {
                if (found.owner() != 0) {
                    return new Connection(url, found.content());
                }
            }
            throw new FileNotFoundException(url.toString());
        }
    }

    private static final class Connection extends URLConnection {
        private final byte[] content;

        Connection(URL url, byte[] content) {
            super(url);
            this.content = content;
        }

        @Override
        public void connect() {
            connected = true;
        }

        @Override
        public int getContentLength() {
            return content.length;
        }

        @Override
        public long getContentLengthLong() {
            return content.length;
        }

        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(content);
        }
    }
}
