package dev.procpool.internal.launch;

import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds what the first of several loaders finds, or else the next. */
final class LoaderChain extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final List<ClassLoader> others;

    LoaderChain(ClassLoader first, List<ClassLoader> others) {
        super(first);
        this.others = List.copyOf(others);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        ClassNotFoundException missing = new ClassNotFoundException(name);
        for (ClassLoader other : others) {
            try {
                return Class.forName(name, false, other);
            } catch (ClassNotFoundException e) {
                missing.addSuppressed(e); // the next one may have it
            }
        }
        throw missing;
    }

    @Override
    protected @Nullable URL findResource(String name) {
        for (ClassLoader other : others) {
            URL found = other.getResource(name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    @Override
    protected Enumeration<URL> findResources(String name) throws IOException {
        List<URL> found = new ArrayList<>();
        for (ClassLoader other : others) {
            found.addAll(Collections.list(other.getResources(name)));
        }
        return Collections.enumeration(found);
    }
}
