package dev.mme5.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

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

    /** This machine only, port 8080, no folders, no keys. */
    public static ServerOptions defaults() {
        return new ServerOptions("127.0.0.1", 8080, List.of(), 0, null, false, List.of(), List.of(), null, null, 256, 2048,
                DEFAULT_MAX_BODY,
                Duration.ofSeconds(300), Duration.ofSeconds(30), Duration.ofSeconds(30), true, LibraryPrompts.NONE);
    }

    public ServerOptions withHost(String value) {
        return new ServerOptions(value, port, folders, watchSeconds, keyFile, withoutKeys, hosts, origins, instructionsFile, modelName,
                maxQueue,
                maxInputs, maxBody, timeout, receiveTimeout, sendTimeout, logsRequests, libraryPrompts);
    }

    public ServerOptions withPort(int value) {
        return new ServerOptions(host, value, folders, watchSeconds, keyFile, withoutKeys, hosts, origins, instructionsFile, modelName,
                maxQueue,
                maxInputs, maxBody, timeout, receiveTimeout, sendTimeout, logsRequests, libraryPrompts);
    }

    public ServerOptions withFolders(List<Path> value) {
        return new ServerOptions(host, port, value, watchSeconds, keyFile, withoutKeys, hosts, origins, instructionsFile, modelName,
                maxQueue,
                maxInputs, maxBody, timeout, receiveTimeout, sendTimeout, logsRequests, libraryPrompts);
    }

    public ServerOptions withWatchSeconds(int value) {
        return new ServerOptions(host, port, folders, value, keyFile, withoutKeys, hosts, origins, instructionsFile, modelName, maxQueue,
                maxInputs, maxBody, timeout, receiveTimeout, sendTimeout, logsRequests, libraryPrompts);
    }

    public ServerOptions withKeyFile(Path value) {
        return new ServerOptions(host, port, folders, watchSeconds, value, withoutKeys, hosts, origins, instructionsFile, modelName,
                maxQueue,
                maxInputs, maxBody, timeout, receiveTimeout, sendTimeout, logsRequests, libraryPrompts);
    }

    public ServerOptions withoutKeys(boolean value) {
        return new ServerOptions(host, port, folders, watchSeconds, keyFile, value, hosts, origins, instructionsFile, modelName, maxQueue,
                maxInputs, maxBody, timeout, receiveTimeout, sendTimeout, logsRequests, libraryPrompts);
    }

    public ServerOptions withHosts(List<String> value) {
        return new ServerOptions(host, port, folders, watchSeconds, keyFile, withoutKeys, value, origins, instructionsFile, modelName,
                maxQueue,
                maxInputs, maxBody, timeout, receiveTimeout, sendTimeout, logsRequests, libraryPrompts);
    }

    public ServerOptions withOrigins(List<String> value) {
        return new ServerOptions(host, port, folders, watchSeconds, keyFile, withoutKeys, hosts, value, instructionsFile, modelName,
                maxQueue,
                maxInputs, maxBody, timeout, receiveTimeout, sendTimeout, logsRequests, libraryPrompts);
    }

    public ServerOptions withInstructionsFile(Path value) {
        return new ServerOptions(host, port, folders, watchSeconds, keyFile, withoutKeys, hosts, origins, value, modelName, maxQueue,
                maxInputs, maxBody, timeout, receiveTimeout, sendTimeout, logsRequests, libraryPrompts);
    }

    public ServerOptions withModelName(String value) {
        return new ServerOptions(host, port, folders, watchSeconds, keyFile, withoutKeys, hosts, origins, instructionsFile, value, maxQueue,
                maxInputs, maxBody, timeout, receiveTimeout, sendTimeout, logsRequests, libraryPrompts);
    }

    public ServerOptions withMaxQueue(int value) {
        return new ServerOptions(host, port, folders, watchSeconds, keyFile, withoutKeys, hosts, origins, instructionsFile, modelName,
                value,
                maxInputs, maxBody, timeout, receiveTimeout, sendTimeout, logsRequests, libraryPrompts);
    }

    public ServerOptions withMaxInputs(int value) {
        return new ServerOptions(host, port, folders, watchSeconds, keyFile, withoutKeys, hosts, origins, instructionsFile, modelName,
                maxQueue,
                value, maxBody, timeout, receiveTimeout, sendTimeout, logsRequests, libraryPrompts);
    }

    public ServerOptions withMaxBody(long value) {
        return new ServerOptions(host, port, folders, watchSeconds, keyFile, withoutKeys, hosts, origins, instructionsFile, modelName,
                maxQueue,
                maxInputs, value, timeout, receiveTimeout, sendTimeout, logsRequests, libraryPrompts);
    }

    public ServerOptions withTimeout(Duration value) {
        return new ServerOptions(host, port, folders, watchSeconds, keyFile, withoutKeys, hosts, origins, instructionsFile, modelName,
                maxQueue,
                maxInputs, maxBody, value, receiveTimeout, sendTimeout, logsRequests, libraryPrompts);
    }

    public ServerOptions withReceiveTimeout(Duration value) {
        return new ServerOptions(host, port, folders, watchSeconds, keyFile, withoutKeys, hosts, origins, instructionsFile, modelName,
                maxQueue,
                maxInputs, maxBody, timeout, value, sendTimeout, logsRequests, libraryPrompts);
    }

    public ServerOptions withSendTimeout(Duration value) {
        return new ServerOptions(host, port, folders, watchSeconds, keyFile, withoutKeys, hosts, origins, instructionsFile, modelName,
                maxQueue,
                maxInputs, maxBody, timeout, receiveTimeout, value, logsRequests, libraryPrompts);
    }

    public ServerOptions withLogsRequests(boolean value) {
        return new ServerOptions(host, port, folders, watchSeconds, keyFile, withoutKeys, hosts, origins, instructionsFile, modelName,
                maxQueue,
                maxInputs, maxBody, timeout, receiveTimeout, sendTimeout, value, libraryPrompts);
    }

    public ServerOptions withLibraryPrompts(LibraryPrompts value) {
        return new ServerOptions(host, port, folders, watchSeconds, keyFile, withoutKeys, hosts, origins, instructionsFile, modelName,
                maxQueue,
                maxInputs, maxBody, timeout, receiveTimeout, sendTimeout, logsRequests, value);
    }
}
