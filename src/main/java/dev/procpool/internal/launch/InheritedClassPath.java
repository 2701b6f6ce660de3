package dev.procpool.internal.launch;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where this JVM finds the classes of the program, as a class path for its workers. It includes what is on the module
 * path: a worker's own main class need not be in a module that the program's main module requires.
 */
public final class InheritedClassPath {
    private InheritedClassPath() {}

    /** The entries, as this JVM was given them: relative ones are relative to where it runs. */
    public static List<String> ofThisJvm() {
        List<String> entries = new ArrayList<>();
        String classPath = System.getProperty("java.class.path", "");
        if (!classPath.isEmpty() || System.getProperty("jdk.module.main") == null) { // an empty one is this folder
            entries.addAll(List.of(classPath.split(File.pathSeparator, -1)));
        }
        String modulePath = System.getProperty("jdk.module.path", "");
        for (String entry : modulePath.split(File.pathSeparator, -1)) {
            if (!entry.isEmpty()) {
                addModules(new File(entry), entries);
            }
        }
        return entries;
    }

    /**
     * The end of a command line: a main class of ours on that class path or, where there is none, in our module. There is
     * none in a runtime image that has everything, and an empty one would stand for the folder where the worker runs.
     */
    public static List<String> main(List<String> classPath, String mainClass) {
        return classPath.isEmpty() ? List.of("-m", "dev.procpool/" + mainClass) : List.of(mainClass);
    }

    /** An entry for a JVM that runs elsewhere. Not by {@link Path}, which doesn't take every name that may occur here. */
    public static String absolute(String entry) {
        return new File(entry).getAbsolutePath();
    }

    /** An entry of a module path is a module, as a file or as a folder of classes, or a folder of modules. */
    private static void addModules(File entry, List<String> entries) {
        if (!entry.isDirectory() || isModule(entry)) {
            entries.add(entry.getPath());
            return;
        }
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(entry.toPath())) {
            for (Path module : modules) {
                if (module.toString().endsWith(".jar") || isModule(module.toFile())) {
                    entries.add(module.toString());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't read the folder " + entry + " of the module path: " + e, e);
        }
    }

    private static boolean isModule(File folder) {
        return new File(folder, "module-info.class").exists();
    }
}
