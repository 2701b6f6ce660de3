package dev.procpool.cli;

import dev.procpool.PoolFuture;
import dev.procpool.TaskExecutor;
import dev.procpool.jobs.CryptoProvider;
import dev.procpool.jobs.DigestFiles;
import dev.procpool.jobs.FileDigests;
import dev.procpool.jobs.FileName;
import dev.procpool.jobs.ShaJob;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** SHA-256 of random buffers or of files. */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "With no FILE: the classic run. Twelve buffers of random bytes are digested with SHA-256; as each completes its"
                    + " digest is printed, and at the end the time.",
            "With FILEs: prints what sha256sum prints for them, in their order, so that 'sha256sum -c' takes it. In"
                    + " directories files come in the order of their names; symbolic links are passed over.%n"
        },
        footer = {"", "Exit code: 0 all is well, 1 some work failed, 2 bad usage."})
final class ShaFuturesCommand extends FuturesCommand {
    ShaFuturesCommand(Terminal terminal) {
        super(terminal, 1 << 20);
    }

    @Override
    void check(CryptoProvider provider, boolean classic) {
        // There is nothing beyond what all commands share.
    }

    @Override
    void runClassic(TaskExecutor executor, CryptoProvider provider) {
        Map<PoolFuture<String>, Integer> futures = new LinkedHashMap<>();
        for (int i = 0; i < jobs; i++) {
            futures.put(executor.submit(new ShaJob(provider, seed, i, size)), i);
        }
        List<String> digests = new ArrayList<>();
        takeEach(
                futures,
                (index, outcome) -> outcome.accept(
                        digest -> {
                            digests.add(digest);
                            print(digest);
                        },
                        reason -> fail("job " + index + ": " + reason)));
        report("digests", digests);
    }

    @Override
    void runFiles(TaskExecutor executor, CryptoProvider provider, List<FileName> names) {
        List<FileName> files = new ArrayList<>();
        List<Map<String, Object>> done = new ArrayList<>();
        InOrder<Outcome<String>> inOrder = new InOrder<>((index, outcome) -> {
            String name = files.get(index).toString();
            outcome.accept(
                    digest -> {
                        if (json) {
                            done.add(Json.object("name", name, "sha256", digest));
                        } else {
                            print(checksumLine(digest, name));
                        }
                    },
                    reason -> {
                        fail("cannot read " + name + ": " + reason);
                        if (json) {
                            done.add(Json.object("name", name, "error", reason));
                        }
                    });
        });

        Map<PoolFuture<FileDigests>, List<Integer>> futures = new LinkedHashMap<>();
        FileBatches batches = new FileBatches(batch -> {
            DigestFiles task = DigestFiles.of(
                    provider, batch.stream().map(files::get).map(this::forTasks).toList());
            futures.put(executor.submit(task), batch);
        });
        FileTree.walk(names, name -> true, file -> {
            files.add(file.name());
            if (file.failure() != null) {
                inOrder.accept(files.size() - 1, new Outcome.Failed<>(file.failure()));
            } else {
                batches.add(files.size() - 1, file.size());
            }
        });
        batches.finish();

        takeEach(futures, (batch, outcome) -> {
            for (int i = 0; i < batch.size(); i++) {
                inOrder.accept(batch.get(i), ofFile(outcome, i));
            }
        });
        report("files", done);
    }

    private static Outcome<String> ofFile(Outcome<FileDigests> batch, int index) {
        return batch.flatMap(digests -> {
            String failure = digests.failure(index);
            return failure == null ? new Outcome.Done<>(digests.digest(index)) : new Outcome.Failed<>(failure);
        });
    }

    /** A line of sha256sum: a backslash before it says that the name has escapes. */
    static String checksumLine(String digest, String name) {
        String escaped = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
        return (escaped.equals(name) ? "" : "\\") + digest + "  " + escaped;
    }
}
