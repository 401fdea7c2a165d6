package dev.mme5.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How a server listens, whom it answers and what one request may take. Start from {@link #defaults} and change what is needed.
 *
 * @param host address or name to listen at
 * @param port 0 for any free one
 * @param folders folders whose images and texts can be searched
 * @param watchSeconds how often the folders are looked at for changes; 0 for never
 * @param keyFile file of the keys that clients must show, one a line; null for none
 * @param withoutKeys whether an address that other machines reach may be served without keys
 * @param hosts names that the {@code Host} header may have beside those of this machine, where only this machine is served
 * @param origins origins of web pages of others that may ask (CORS)
 * @param instructionsFile JSON object of instructions by kind of input; null for none
 * @param modelName what the model is called in answers; null for the name of its folder
 * @param maxQueue requests that may wait or be computed at the same time
 * @param maxInputs inputs of a request
 * @param maxBody bytes of a request's body
 * @param timeout time for the answer of a request to be found
 * @param receiveTimeout time for a request to arrive
 * @param sendTimeout time for each part of an answer to be taken by the client
 * @param logsRequests whether each request is logged, with its route and numbers, never its contents
 * @param libraryPrompts what comes before the texts in the folders and before those that are looked for there
 */
public record ServerOptions(
        String host,
        int port,
        List<Path> folders,
        int watchSeconds,
        Path keyFile,
        boolean withoutKeys,
        List<String> hosts,
        List<String> origins,
        Path instructionsFile,
        String modelName,
        int maxQueue,
        int maxInputs,
        long maxBody,
        Duration timeout,
        Duration receiveTimeout,
        Duration sendTimeout,
        boolean logsRequests,
        LibraryPrompts libraryPrompts) {
    /** 32 MiB: an image of 24 MB in base64. */
    public static final long DEFAULT_MAX_BODY = 32 << 20;

    /** How often folders are looked at where nothing else is said. */
    public static final int DEFAULT_WATCH_SECONDS = 5;

    private static final int MAX_PORT = 65_535;

    public ServerOptions {
        Objects.requireNonNull(host, "host");
        folders = List.copyOf(folders);
        Objects.requireNonNull(libraryPrompts, "libraryPrompts");
        hosts = List.copyOf(hosts);
        origins = List.copyOf(origins);
        if (port < 0 || port > MAX_PORT) throw new IllegalArgumentException("port is " + port);
        if (watchSeconds < 0) throw new IllegalArgumentException("watchSeconds is " + watchSeconds);
        if (maxQueue < 1) throw new IllegalArgumentException("maxQueue is " + maxQueue);
        if (maxInputs < 1) throw new IllegalArgumentException("maxInputs is " + maxInputs);
        if (maxBody < 1 || maxBody > Integer.MAX_VALUE - 64) throw new IllegalArgumentException("maxBody is " + maxBody);
    }

    /** Values on their way into an instance, each with its default. */
    private static final class Draft {
        private String host = "127.0.0.1";
        private int port = 8080;
        private List<Path> folders = List.of();
        private int watchSeconds;
        private Path keyFile;
        private boolean withoutKeys;
        private List<String> hosts = List.of();
        private List<String> origins = List.of();
        private Path instructionsFile;
        private String modelName;
        private int maxQueue = 256;
        private int maxInputs = 2048;
        private long maxBody = DEFAULT_MAX_BODY;
        private Duration timeout = Duration.ofSeconds(300);
        private Duration receiveTimeout = Duration.ofSeconds(30);
        private Duration sendTimeout = Duration.ofSeconds(30);
        private boolean logsRequests = true;
        private LibraryPrompts libraryPrompts = LibraryPrompts.NONE;

        private ServerOptions finished() {
            return new ServerOptions(host, port, folders, watchSeconds, keyFile, withoutKeys, hosts, origins, instructionsFile, modelName,
                    maxQueue, maxInputs, maxBody, timeout, receiveTimeout, sendTimeout, logsRequests, libraryPrompts);
        }
    }

    private ServerOptions changed(Consumer<Draft> change) {
        Draft draft = new Draft();
        draft.host = host;
        draft.port = port;
        draft.folders = folders;
        draft.watchSeconds = watchSeconds;
        draft.keyFile = keyFile;
        draft.withoutKeys = withoutKeys;
        draft.hosts = hosts;
        draft.origins = origins;
        draft.instructionsFile = instructionsFile;
        draft.modelName = modelName;
        draft.maxQueue = maxQueue;
        draft.maxInputs = maxInputs;
        draft.maxBody = maxBody;
        draft.timeout = timeout;
        draft.receiveTimeout = receiveTimeout;
        draft.sendTimeout = sendTimeout;
        draft.logsRequests = logsRequests;
        draft.libraryPrompts = libraryPrompts;
        change.accept(draft);
        return draft.finished();
    }

    /** This machine only, port 8080, no folders, no keys. */
    public static ServerOptions defaults() {
        return new Draft().finished();
    }

    public ServerOptions withHost(String value) {
        return changed(draft -> draft.host = value);
    }

    public ServerOptions withPort(int value) {
        return changed(draft -> draft.port = value);
    }

    public ServerOptions withFolders(List<Path> value) {
        return changed(draft -> draft.folders = value);
    }

    public ServerOptions withWatchSeconds(int value) {
        return changed(draft -> draft.watchSeconds = value);
    }

    public ServerOptions withKeyFile(Path value) {
        return changed(draft -> draft.keyFile = value);
    }

    public ServerOptions withoutKeys(boolean value) {
        return changed(draft -> draft.withoutKeys = value);
    }

    public ServerOptions withHosts(List<String> value) {
        return changed(draft -> draft.hosts = value);
    }

    public ServerOptions withOrigins(List<String> value) {
        return changed(draft -> draft.origins = value);
    }

    public ServerOptions withInstructionsFile(Path value) {
        return changed(draft -> draft.instructionsFile = value);
    }

    public ServerOptions withModelName(String value) {
        return changed(draft -> draft.modelName = value);
    }

    public ServerOptions withMaxQueue(int value) {
        return changed(draft -> draft.maxQueue = value);
    }

    public ServerOptions withMaxInputs(int value) {
        return changed(draft -> draft.maxInputs = value);
    }

    public ServerOptions withMaxBody(long value) {
        return changed(draft -> draft.maxBody = value);
    }

    public ServerOptions withTimeout(Duration value) {
        return changed(draft -> draft.timeout = value);
    }

    public ServerOptions withReceiveTimeout(Duration value) {
        return changed(draft -> draft.receiveTimeout = value);
    }

    public ServerOptions withSendTimeout(Duration value) {
        return changed(draft -> draft.sendTimeout = value);
    }

    public ServerOptions withLogsRequests(boolean value) {
        return changed(draft -> draft.logsRequests = value);
    }

    public ServerOptions withLibraryPrompts(LibraryPrompts value) {
        return changed(draft -> draft.libraryPrompts = value);
    }
}
