package dev.mme5.cli.serving;

import dev.mme5.cli.context.CommandContext;
import dev.mme5.cli.context.OptionException;
import dev.mme5.server.ServerOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Where a server listens, and to whom. */
public final class ServerAddressOptions {
    private static final int MAX_PORT = 65_535;

    @Option(names = "--host", paramLabel = "H", description = "Address to listen at. Default: 127.0.0.1, this machine only.")
    private String host = "127.0.0.1";

    @Option(names = "--port", paramLabel = "N", description = "Port to listen at; 0 for any free one. Default: 8080.")
    private int port = 8080;

    @Option(names = "--api-key-file", paramLabel = "FILE",
            description = "File of keys, one a line; clients send Authorization: Bearer KEY. Needed if other machines can reach the "
                    + "address.")
    private Path keyFile;

    @Option(names = "--no-auth", description = "Serve an address that other machines can reach without keys.")
    private boolean noAuth;

    @Option(names = "--allow-host", paramLabel = "NAME",
            description = "Name that requests may call this server by, as behind a proxy. With it, others are refused. May be given "
                    + "several times.")
    private List<String> hosts = new ArrayList<>();

    @Option(names = "--cors", paramLabel = "ORIGIN",
            description = "Origin, such as https://example.org, whose pages may ask. May be given several times. Default: none.")
    private List<String> origins = new ArrayList<>();

    /** The options with these. */
    public ServerOptions apply(ServerOptions options, CommandContext context) {
        if (port < 0 || port > MAX_PORT) throw new OptionException("--port is " + port + ", expected 0 to " + MAX_PORT);
        for (String origin : origins) {
            if (!origin.matches("https?://[^/*\\s]+"))
                throw new OptionException("--cors: expected an origin such as https://example.org, found " + origin);
        }
        return options.withHost(host).withPort(port).withoutKeys(noAuth).withHosts(hosts).withOrigins(origins)
                .withKeyFile(keyFile == null ? null : context.folder().resolve(keyFile));
    }
}
