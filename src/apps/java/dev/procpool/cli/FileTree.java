package dev.procpool.cli;

import dev.procpool.jobs.FileErrors;
import dev.procpool.jobs.FileName;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The files that the arguments of a command mean. A file is itself, also through a symbolic link. A directory is walked,
 * entries in the order of their bytes; inside it symbolic links are passed over, so there are no loops and nothing
 * outside the tree is read, and so are sockets, pipes and devices.
 */
final class FileTree {
    private final Predicate<FileName> wantedInDirectory;
    private final Consumer<Entry> found;

    private FileTree(Predicate<FileName> wantedInDirectory, Consumer<Entry> found) {
        this.wantedInDirectory = wantedInDirectory;
        this.found = found;
    }

    /**
     * A file to work on, or one that can't be.
     *
     * @param name as the user would write it: the argument, or the argument and the way from there
     * @param size in bytes
     * @param failure why it can't be read, or null
     */
    record Entry(FileName name, long size, @Nullable String failure) {
        private static Entry failed(FileName name, String reason) {
            return new Entry(name, 0, reason);
        }
    }

    /** Hands on the files of {@code arguments}; those found in directories only if {@code wantedInDirectory}. */
    static void walk(List<FileName> arguments, Predicate<FileName> wantedInDirectory, Consumer<Entry> found) {
        FileTree tree = new FileTree(wantedInDirectory, found);
        arguments.forEach(tree::addArgument);
    }

    private record Child(FileName last, Path path) {}

    private void addArgument(FileName name) {
        try {
            Path path = name.path();
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                walk(name, path);
            } else if (attributes.isRegularFile()) {
                found.accept(new Entry(name, attributes.size(), null));
            } else {
                found.accept(Entry.failed(name, "Not a regular file"));
            }
        } catch (IOException e) {
            found.accept(Entry.failed(name, FileErrors.reason(e)));
        }
    }

    private void walk(FileName directory, Path path) {
        List<Child> children = new ArrayList<>();
        try (DirectoryStream<Path> listing = Files.newDirectoryStream(path)) {
            listing.forEach(child -> children.add(new Child(FileName.lastOf(child), child)));
        } catch (DirectoryIteratorException e) {
            found.accept(Entry.failed(directory, FileErrors.reason(Objects.requireNonNull(e.getCause()))));
        } catch (IOException e) {
            found.accept(Entry.failed(directory, FileErrors.reason(e)));
        }
        children.sort(Comparator.comparing(Child::last));
        children.forEach(child -> addChild(directory.resolve(child.last()), child.path()));
    }

    private void addChild(FileName name, Path path) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isDirectory()) {
                walk(name, path);
            } else if (attributes.isRegularFile() && wantedInDirectory.test(name)) {
                found.accept(new Entry(name, attributes.size(), null));
            }
        } catch (IOException e) {
            found.accept(Entry.failed(name, FileErrors.reason(e)));
        }
    }
}
