package dev.procpool.lab;

import dev.procpool.SerializableCallable;
import dev.procpool.jobs.ExecutorKind;
import dev.procpool.lab.measure.Parameters;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Finds out what can't work before anything is measured. */
final class LabChecks {
    private LabChecks() {}

    /**
     * Looks at what the parameters name.
     *
     * @throws LabException if an executor can't run here or the user's job can't be used
     */
    static void check(Parameters parameters) {
        for (String executor : parameters.executors()) {
            checkExecutor(executor);
        }
        if (parameters.jobClass() != null) {
            checkJobClass(parameters.jobClass(), parameters.classPath());
        }
    }

    private static void checkExecutor(String executor) {
        if (executor.equals("virtual") || executor.equals("spark")) {
            try {
                ExecutorKind.valueOf(executor.toUpperCase(Locale.ROOT)).requireAvailable();
            } catch (UnsupportedOperationException e) {
                throw LabException.usage("--executors " + executor + ": " + e.getMessage());
            }
        }
    }

    private static void checkJobClass(String name, List<String> classPath) {
        List<URL> urls = new ArrayList<>();
        for (String entry : classPath) {
            if (!Files.exists(Path.of(entry))) {
                throw LabException.usage("--class-path " + entry + ": no such file or folder");
            }
            try {
                urls.add(Path.of(entry).toUri().toURL());
            } catch (MalformedURLException e) {
                throw LabException.usage("--class-path " + entry + ": " + e.getMessage());
            }
        }
        try (URLClassLoader loader = new URLClassLoader(urls.toArray(new URL[0]), LabChecks.class.getClassLoader())) {
            Class<?> type = Class.forName(name, false, loader);
            if (!SerializableCallable.class.isAssignableFrom(type)) {
                throw LabException.usage("--job-class " + name + " is no " + SerializableCallable.class.getName());
            }
            int modifiers = type.getConstructor().getDeclaringClass().getModifiers();
            if (!Modifier.isPublic(modifiers) || Modifier.isAbstract(modifiers)) {
                throw LabException.usage("--job-class " + name + " must be public and not abstract");
            }
        } catch (ClassNotFoundException | LinkageError e) {
            throw LabException.usage("--job-class " + name + ": not found; say with --class-path where it is");
        } catch (NoSuchMethodException e) {
            throw LabException.usage("--job-class " + name + " has no public constructor without parameters");
        } catch (IOException e) {
            throw LabException.usage("--class-path: " + e.getMessage());
        }
    }
}
