package dev.procpool.cli;

import dev.procpool.flags.CountryCodes;
import dev.procpool.flags.Downloader;
import dev.procpool.flags.FlagFetcher;
import dev.procpool.flags.FlagFolder;
import dev.procpool.flags.FlagImages;
import dev.procpool.flags.FlagServer;
import dev.procpool.flags.FlagsComparison;
import dev.procpool.flags.FlagsReport;
import dev.procpool.flags.FlagsRun;
import dev.procpool.flags.Site;
import dev.procpool.flags.SiteBehaviour;
import dev.procpool.flags.Strategy;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The I/O half of the lesson: downloads flags in one of six ways, or in all of them to compare. */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Downloads country flags with one of six strategies: the same flags, not the same time.",
            "The server comes with it: bin/flags-server if that is running on its usual port, else one of its own that"
                    + " ends with it.%n"
        },
        footer = {
            "",
            "Without a terminal there is no progress bar: each code is printed as its download ends.",
            "Exit code: 0 all is well (a flag that no country has is no error), 1 some downloads failed, 2 bad usage."
        })
final class FlagsCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int MAX_CONNECTIONS = 1000;
    private static final SiteBehaviour FOR_COMPARISON =
            new SiteBehaviour(Duration.ofSeconds(1), SiteBehaviour.DEFAULT.errorRate(), SiteBehaviour.DEFAULT.seed());

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--strategy", description = "one of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private Strategy strategy = Strategy.THREADS;

    @Option(names = "--compare", description = "run all strategies one after the other, on DELAY unless told otherwise")
    private boolean compare;

    @Option(
            names = {"-a", "--all"},
            description = "all codes that have a flag")
    private boolean all;

    @Option(
            names = {"-e", "--every"},
            description = "every code from AA to ZZ; most have no flag")
    private boolean every;

    @Option(
            names = {"-l", "--limit"},
            paramLabel = "N",
            description = "only the first N codes")
    private int limit = Integer.MAX_VALUE;

    @Option(
            names = {"-m", "--max-req"},
            paramLabel = "N",
            description = "at most N connections at a time, 1 to " + MAX_CONNECTIONS
                    + " (default: 30; sequential has 1 whatever N is)")
    private int maxConnections = 30;

    @Option(
            names = {"-s", "--server"},
            paramLabel = "SITE",
            description = "one of ${COMPLETION-CANDIDATES} (default: LOCAL)")
    private @Nullable Site site;

    @Option(
            names = "--base-url",
            paramLabel = "URL",
            description =
                    "where the site is: a flag is at URL/br.svg. REMOTE needs one, for the others it is a flags-server"
                            + " on another port")
    private @Nullable String baseUrl;

    @Option(names = "--out", paramLabel = "DIR", description = "where flags are saved (default: ${DEFAULT-VALUE})")
    private Path out = Path.of("downloaded");

    @Option(
            names = {"-v", "--verbose"},
            description = "a line for each download, in place of the progress bar")
    private boolean verbose;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "for each attempt (default: ${DEFAULT-VALUE})")
    private double timeout = 10;

    @Option(
            names = "--retries",
            paramLabel = "N",
            description = "further attempts after a cut connection, a time-out or a status of 500 and up"
                    + " (default: ${DEFAULT-VALUE})")
    private int retries = 2;

    @Mixin
    private BehaviourOptions behaviour = new BehaviourOptions();

    @Parameters(
            paramLabel = "CC",
            description = "country codes (BR), or a letter for all codes that start with it (B); by default the 20 most"
                    + " populous countries")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        checkOptions();
        NavigableSet<String> codes = codes();
        Site chosen = site != null ? site : baseUrl != null ? Site.REMOTE : compare ? Site.DELAY : Site.LOCAL;
        Optional<URI> address = address(chosen);
        SiteBehaviour wanted = behaviour.get(compare ? FOR_COMPARISON : SiteBehaviour.DEFAULT, spec);
        try (FlagFolder folder = openFolder();
                FlagServer ownServer = address.isPresent() ? null : FlagServer.start(0, wanted)) {
            URI base = ownServer == null ? address.orElseThrow() : ownServer.site(chosen);
            return download(chosen, base, codes, folder) ? 0 : FAILED;
        }
    }

    private boolean download(Site site, URI base, NavigableSet<String> codes, FlagFolder folder) {
        Duration attempt = Duration.ofNanos((long) (timeout * 1e9));
        String runId = UUID.randomUUID().toString();
        Downloader downloader = new Downloader(new FlagFetcher(base, attempt, retries, runId), folder);
        var commandLine = spec.commandLine();
        if (compare) {
            commandLine.getOut().println(site + " site: " + base);
            atCtrlC(folder::close);
            return new FlagsComparison(commandLine.getOut(), commandLine.getErr())
                    .run(downloader, codes, maxConnections);
        }
        FlagsReport report = !verbose && Interactive.terminal()
                ? new FlagsReport(commandLine.getOut(), commandLine.getErr(), Bars.bar("flags", codes.size()))
                : new FlagsReport(commandLine.getOut(), commandLine.getErr(), verbose);
        FlagsRun run = new FlagsRun(site, downloader, codes, strategy, maxConnections, report);
        atCtrlC(run::interrupt);
        return run.run();
    }

    private static void atCtrlC(Runnable action) {
        Runtime.getRuntime().addShutdownHook(new Thread(action, "flags-interrupt"));
    }

    private NavigableSet<String> codes() {
        if ((all ? 1 : 0) + (every ? 1 : 0) + (arguments.isEmpty() ? 0 : 1) > 1) {
            throw usage("give country codes, --all or --every, not two of them");
        }
        NavigableSet<String> codes;
        try {
            codes = all
                    ? FlagImages.codes()
                    : every
                            ? CountryCodes.every()
                            : CountryCodes.expand(arguments.isEmpty() ? CountryCodes.POPULOUS : arguments);
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
        return codes.stream().limit(limit).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The address of the site, or empty when it takes a server of our own. */
    private Optional<URI> address(Site site) {
        if (baseUrl != null) {
            if (behaviour.isGiven()) {
                throw usage("--max-delay, --error-rate and --seed are for a server of our own, not for --base-url");
            }
            return Optional.of(parse(baseUrl));
        }
        if (site == Site.REMOTE) {
            throw usage("REMOTE needs a --base-url, for instance"
                    + " https://cdn.jsdelivr.net/npm/flag-icons@7.5.0/flags/4x3");
        }
        return behaviour.isGiven() || compare ? Optional.empty() : FlagServer.findRunning(site);
    }

    private URI parse(String url) {
        String usage = "--base-url must be like http://host/folder, but is '" + url + "'";
        URI address;
        try {
            address = new URI(url.replaceAll("/+$", ""));
        } catch (URISyntaxException e) {
            throw usage(usage);
        }
        if (!String.valueOf(address.getScheme()).matches("https?")
                || address.getHost() == null
                || address.getPort() > 65_535
                || address.getQuery() != null
                || address.getFragment() != null) {
            throw usage(usage);
        }
        return address;
    }

    private FlagFolder openFolder() {
        if (out.toString().isEmpty()) {
            throw usage("--out must name a folder, but is ''");
        }
        try {
            return FlagFolder.open(out);
        } catch (IOException e) {
            throw usage("--out: " + e.getMessage());
        }
    }

    private void checkOptions() {
        if (limit < 1) {
            throw usage("--limit must be at least 1, but is " + limit);
        }
        if (maxConnections < 1 || maxConnections > MAX_CONNECTIONS) {
            throw usage("--max-req must be between 1 and " + MAX_CONNECTIONS + ", but is " + maxConnections);
        }
        if (!(timeout >= 0.001 && timeout <= 3600)) {
            throw usage("--timeout must be between 0.001 and 3600, but is " + timeout);
        }
        if (retries < 0) {
            throw usage("--retries must be at least 0, but is " + retries);
        }
        try {
            strategy.checkSupported();
        } catch (UnsupportedOperationException e) {
            throw usage("--strategy " + strategy + ": " + e.getMessage());
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
