package dev.procpool.internal.launch;

import dev.procpool.internal.wire.Questions;
import dev.procpool.internal.wire.Questions.Question;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Looks for what one question asks for, in several class loaders, one after the other. */
final class ServedLookup {
    private final List<ClassLoader> order;
    private final ToIntFunction<ClassLoader> numberOf;
    private final ServedAnswer answer;

    ServedLookup(List<ClassLoader> order, ToIntFunction<ClassLoader> numberOf, ServedAnswer answer) {
        this.order = order;
        this.numberOf = numberOf;
        this.answer = answer;
    }

    void answer(Question question) throws IOException {
        String name = question.name();
        switch (question.kind()) {
            case Questions.CLASS -> answerClass(name, true);
            case Questions.CLASS_NOT_ON_FILES -> answerClass(name, false);
            case Questions.RESOURCE -> answerFirst(name, name, true);
            default -> answerAll(name);
        }
        answer.end();
    }

    private void answerClass(String name, boolean files) throws IOException {
        if (!answerFirst(name, name.replace('.', '/') + ".class", files)) {
            sayWhyMissing(name);
        }
    }

    /** A class that is there, but not its bytes, deserves more than that it wasn't found. */
    private void sayWhyMissing(String name) throws IOException {
        for (ClassLoader loader : order) {
            Class<?> found = loadQuietly(name, loader);
            if (found != null && !ServedClasses.isOnFiles(found.getClassLoader())) {
                answer.failed("the class loader of " + name + ", " + describe(loader)
                        + ", does not give its class file as a resource, so no worker can have it: the loader was closed,"
                        + " or keeps its classes elsewhere; keep it open, or compile the class to a file on the class"
                        + " path");
                return;
            }
        }
    }

    private static @Nullable Class<?> loadQuietly(String name, ClassLoader loader) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException | LinkageError e) {
            return null;
        }
    }

    private boolean answerFirst(String name, String path, boolean files) throws IOException {
        for (ClassLoader loader : order) {
            URL url = loader.getResource(path);
            if (url == null) {
                continue;
            }
            ClassLoader owner = ownerOf(url, path, loader);
            if (files && ServedClasses.isOnFiles(owner)) {
                answer.onFiles(name);
                return true;
            }
            try (InputStream in = loader.getResourceAsStream(path)) {
                if (in != null) {
                    answer.entry(numberOf.applyAsInt(owner), name, locationOf(url, path), in);
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * The topmost of a loader's ancestors that finds the same: normally the one that loads it. Not asked by loading it,
     * which this JVM may have no other reason to do.
     */
    private static ClassLoader ownerOf(URL url, String path, ClassLoader loader) {
        List<ClassLoader> ancestors = new ArrayList<>();
        for (ClassLoader at = loader.getParent(); at != null; at = at.getParent()) {
            ancestors.add(at);
        }
        String wanted = url.toExternalForm();
        for (int i = ancestors.size() - 1; i >= 0; i--) {
            URL found = ancestors.get(i).getResource(path);
            if (found != null && found.toExternalForm().equals(wanted)) {
                return ancestors.get(i);
            }
        }
        return loader;
    }

    private void answerAll(String name) throws IOException {
        List<String> seen = new ArrayList<>();
        for (URL url : all(ClassLoader.getSystemClassLoader(), name)) {
            seen.add(url.toExternalForm()); // the worker has these
        }
        for (ClassLoader loader : order) {
            for (URL url : all(loader, name)) {
                if (!seen.contains(url.toExternalForm())) {
                    seen.add(url.toExternalForm());
                    try (InputStream in = open(url)) {
                        answer.entry(numberOf.applyAsInt(loader), name, locationOf(url, name), in);
                    }
                }
            }
        }
    }

    /** A folder in a jar can be named, but not read. */
    private static InputStream open(URL url) {
        try {
            URLConnection connection = url.openConnection();
            connection.setUseCaches(false); // else a jar stays open when its loader is closed
            return connection.getInputStream();
        } catch (IOException e) {
            return InputStream.nullInputStream();
        }
    }

    private static List<URL> all(ClassLoader loader, String name) {
        try {
            return Collections.list(loader.getResources(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The jar or folder, as {@link java.security.CodeSource} names it. */
    private static String locationOf(URL url, String path) {
        String text = url.toExternalForm();
        if (!text.endsWith(path)) {
            return "";
        }
        String folder = text.substring(0, text.length() - path.length());
        return folder.startsWith("jar:") && folder.endsWith("!/") && folder.indexOf("!/") == folder.length() - 2
                ? folder.substring("jar:".length(), folder.length() - 2)
                : folder;
    }

    private static String describe(ClassLoader loader) {
        return loader.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(loader));
    }
}
