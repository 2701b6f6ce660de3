package dev.procpool.lab.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** A folder of files with random bytes, whose sizes differ as those of real ones do: most are small, a few are large. */
final class MixedFiles {
    private static final int FILES_PER_FOLDER = 1000;
    private static final int BLOCK = 1 << 20;

    private MixedFiles() {}

    /** Fills a new folder with {@code files} files of {@code bytes} bytes altogether, or a little more; the same each time. */
    static Path create(Path folder, long bytes, int files) throws IOException {
        Random random = new Random(files);
        double[] weights = random.doubles(files, 0, 1).map(x -> Math.exp(3 * x)).toArray();
        double sum = Arrays.stream(weights).sum();
        byte[] block = new byte[BLOCK];
        random.nextBytes(block);
        for (int i = 0; i < files; i++) {
            Path folderOfFile = Files.createDirectories(folder.resolve(Integer.toString(i / FILES_PER_FOLDER)));
            write(folderOfFile.resolve("file-" + i), (long) Math.ceil(bytes * weights[i] / sum), block);
        }
        return folder;
    }

    private static void write(Path file, long size, byte[] block) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long left = size; left > 0; left -= BLOCK) {
                out.write(block, 0, (int) Math.min(left, BLOCK));
            }
        }
    }
}
