package dev.procpool.cli;

import dev.procpool.flags.FlagServer;
import dev.procpool.flags.Site;
import dev.procpool.flags.SiteBehaviour;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The servers of the lesson, until Ctrl-C. */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Serves country flags on the loopback interface until Ctrl-C: at once (LOCAL), slowly (DELAY), and badly"
                    + " (ERROR: 418, 500, 503, cut connections). bin/flags finds it on its usual port.%n"
        },
        footer = {"", "GET /LOCAL/br.svg, /DELAY/br.svg, /ERROR/br.svg, /manifest (all codes), /ERROR/stats."})
final class FlagsServerCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--port", paramLabel = "N", description = "0 for any free one (default: ${DEFAULT-VALUE})")
    private int port = FlagServer.DEFAULT_PORT;

    @Mixin
    private BehaviourOptions behaviour = new BehaviourOptions();

    @Override
    public Integer call() throws InterruptedException {
        if (port < 0 || port > 65_535) {
            throw usage("--port must be between 0 and 65535, but is " + port);
        }
        try (FlagServer server = FlagServer.start(port, behaviour.get(SiteBehaviour.DEFAULT, spec))) {
            PrintWriter out = spec.commandLine().getOut();
            for (Site site : Site.SERVED) {
                out.println(site + " site: " + server.site(site));
            }
            out.println("Ctrl-C stops it.");
            out.flush();
            new CountDownLatch(1).await();
            return 0;
        } catch (IOException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
