package dev.procpool.cli;

import dev.procpool.PoolFuture;
import dev.procpool.TaskExecutor;
import dev.procpool.jobs.ArcfourJob;
import dev.procpool.jobs.CryptoProvider;
import dev.procpool.jobs.EncryptFile;
import dev.procpool.jobs.FileName;
import dev.procpool.jobs.RandomData;
import dev.procpool.jobs.Rc4Key;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** RC4 on random buffers or on files. */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "With no FILE: the classic run. Twelve buffers of random bytes are encrypted with RC4, decrypted and compared;"
                    + " as each completes its size is printed, and at the end the time.",
            "With FILEs: encrypts each to FILE.rc4, which replaces an older one in one step. Encrypting FILE.rc4 with the"
                    + " same key gives the original. In directories *.rc4 are passed over.%n"
        },
        footer = {
            "",
            "The key is the bytes of --key, 1 to 256 of them (1 to 128 with --provider jdk), with no padding, no salt and"
                    + " no hashing: plain RC4. 'openssl enc -rc4 -K' gives the same bytes for a key of 16; it fills"
                    + " a shorter one up with zero bytes, which is another key. RC4 is broken: this is an exercise, keep no"
                    + " secrets with it.",
            "Exit code: 0 all is well, 1 some work failed, 2 bad usage."
        })
final class ArcfourFuturesCommand extends FuturesCommand {
    private static final String SUFFIX = ".rc4";

    @Option(names = "--key", paramLabel = "KEY", description = "the key; FILEs need one (default: random)")
    @Nullable String key;

    ArcfourFuturesCommand(Terminal terminal) {
        super(terminal, 262_144);
    }

    @Override
    void check(CryptoProvider provider, boolean classic) {
        if (key == null && !classic) {
            throw usage("FILE needs a --key");
        }
        int length = rc4Key().length();
        if (length > provider.maxKeyLength()) {
            throw usage("--key must have at most " + provider.maxKeyLength() + " bytes with --provider " + provider
                    + ", but has " + length);
        }
    }

    @Override
    void runClassic(TaskExecutor executor, CryptoProvider provider) {
        Rc4Key rc4Key = rc4Key();
        Map<PoolFuture<Integer>, Integer> futures = new LinkedHashMap<>();
        for (int i = jobs; i >= 1; i--) {
            int bytes = ArcfourJob.classicSize(size, jobs, i);
            futures.put(executor.submit(new ArcfourJob(provider, rc4Key, seed, i, bytes)), i);
        }
        List<Integer> sizes = new ArrayList<>();
        takeEach(
                futures,
                (index, outcome) -> outcome.accept(
                        bytes -> {
                            sizes.add(bytes);
                            print(Numbers.kilobytes(bytes));
                        },
                        reason -> fail("job " + index + ": " + reason)));
        report("sizes", sizes);
    }

    private EncryptFile forTasks(EncryptFile file) {
        return new EncryptFile(
                file.provider(),
                file.key(),
                forTasks(file.source()),
                forTasks(file.target()),
                forTasks(file.temporary()));
    }

    @Override
    void runFiles(TaskExecutor executor, CryptoProvider provider, List<FileName> names) {
        Rc4Key rc4Key = rc4Key();
        List<FileTree.Entry> files = new ArrayList<>();
        List<Map<String, Object>> done = new ArrayList<>();
        FileTree.walk(names, name -> !name.endsWith(SUFFIX), file -> {
            if (file.failure() != null) {
                failed(done, file.name(), file.failure());
            } else {
                files.add(file);
            }
        });
        files.sort(Comparator.comparingLong(FileTree.Entry::size).reversed());
        try (TemporaryFiles temporaries = new TemporaryFiles(executor)) {
            Map<PoolFuture<Long>, EncryptFile> futures = new LinkedHashMap<>();
            for (FileTree.Entry file : files) {
                FileName target = file.name().plus(SUFFIX);
                EncryptFile task =
                        new EncryptFile(provider, rc4Key, file.name(), target, temporaries.nameBeside(target));
                futures.put(executor.submit(forTasks(task)), task);
            }
            takeEach(futures, (task, outcome) -> {
                temporaries.finished(task.temporary());
                outcome.accept(
                        bytes -> {
                            print(task.target().toString());
                            done.add(Json.object("name", task.target().toString(), "size", bytes));
                        },
                        reason -> failed(done, task.source(), reason));
            });
        }
        report("files", done);
    }

    private void failed(List<Map<String, Object>> done, FileName file, String reason) {
        fail("cannot encrypt " + file + ": " + reason);
        done.add(Json.object("name", file.toString(), "error", reason));
    }

    private Rc4Key rc4Key() {
        try {
            return new Rc4Key(key == null ? RandomData.bytes(seed, 0, 16) : FileName.encode(key));
        } catch (IllegalArgumentException e) {
            throw usage("--" + e.getMessage());
        }
    }
}
