package dev.procpool.cli;

import dev.procpool.TaskExecutor;
import dev.procpool.jobs.CryptoProvider;
import dev.procpool.jobs.DigestFile;
import dev.procpool.jobs.FileName;
import dev.procpool.jobs.Outcome;
import dev.procpool.jobs.ShaJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
        List<ShaJob> tasks = IntStream.range(0, jobs)
                .mapToObj(index -> new ShaJob(provider, seed, index, size))
                .toList();
        List<String> digests = new ArrayList<>();
        this.<String>run(
                executor,
                tasks,
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
        List<FileTree.Entry> files = FileTree.expand(names, name -> true);
        List<Map<String, Object>> done = new ArrayList<>();
        InOrder<Outcome<String>> inOrder = new InOrder<>(files.size(), (index, outcome) -> {
            String name = files.get(index).name().toString();
            outcome.accept(
                    digest -> {
                        print(checksumLine(digest, name));
                        done.add(Map.of("name", name, "sha256", digest));
                    },
                    reason -> {
                        fail("cannot read " + name + ": " + reason);
                        done.add(Map.of("name", name, "error", reason));
                    });
        });
        this.<String>run(
                executor,
                files,
                index -> new DigestFile(provider, files.get(index).name()),
                inOrder);
        report("files", done);
    }

    /** A line of sha256sum: a backslash before it says that the name has escapes. */
    static String checksumLine(String digest, String name) {
        String escaped = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
        return (escaped.equals(name) ? "" : "\\") + digest + "  " + escaped;
    }
}
