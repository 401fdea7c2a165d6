package dev.mme5.cli.serving;

import dev.mme5.cli.context.OptionException;
import dev.mme5.server.ServerOptions;
import java.time.Duration;
import picocli.CommandLine.Option;

/** What one request may take of a server. */
public final class ServerLimitOptions {
    private static final int MAX_MEGABYTES = 2000;

    @Option(names = "--max-queue", paramLabel = "N",
            description = "Requests that may wait or be computed; more are told to try again. Default: 256.")
    private int maxQueue = 256;

    @Option(names = "--max-inputs", paramLabel = "N", description = "Inputs of a request. Default: 2048.")
    private int maxInputs = 2048;

    @Option(names = "--max-body", paramLabel = "MB", description = "Megabytes of a request. Default: 32.")
    private int maxBody = 32;

    @Option(names = "--timeout", paramLabel = "S", description = "Seconds for an answer to be found. Default: 300.")
    private int timeout = 300;

    @Option(names = "--receive-timeout", paramLabel = "S", description = "Seconds for a request to arrive. Default: 30.")
    private int receiveTimeout = 30;

    @Option(names = "--grace", paramLabel = "S",
            description = "Seconds that running requests may take when the server is told to end. Default: 30.")
    private int grace = 30;

    /** The options with these. */
    public ServerOptions apply(ServerOptions options) {
        OptionException.requireAtLeast(1, "--max-queue", maxQueue);
        OptionException.requireAtLeast(1, "--max-inputs", maxInputs);
        OptionException.requireAtLeast(1, "--max-body", maxBody);
        OptionException.requireAtLeast(1, "--timeout", timeout);
        OptionException.requireAtLeast(1, "--receive-timeout", receiveTimeout);
        OptionException.requireAtLeast(0, "--grace", grace);
        if (maxBody > MAX_MEGABYTES) throw new OptionException("--max-body is " + maxBody + ", expected at most " + MAX_MEGABYTES);
        return options.withMaxQueue(maxQueue).withMaxInputs(maxInputs).withMaxBody((long) maxBody << 20)
                .withTimeout(Duration.ofSeconds(timeout)).withReceiveTimeout(Duration.ofSeconds(receiveTimeout));
    }

    public Duration grace() {
        return Duration.ofSeconds(grace);
    }
}
