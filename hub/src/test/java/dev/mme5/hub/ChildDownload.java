package dev.mme5.hub;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A process that downloads the tiny model, to be killed. */
final class ChildDownload {
    private ChildDownload() {}

    /** ENDPOINT CACHE CHUNK */
    public static void main(String[] arguments) {
        HubSettings settings = HubSettings.of(Map.of("HF_ENDPOINT", URI.create(arguments[0]).toString()), Path.of(arguments[1]))
                .withCache(Path.of(arguments[1])).withPatience(Duration.ofSeconds(10), 4, Duration.ofMillis(50));
        ModelHub.of(settings, Long.parseLong(arguments[2])).download(ModelReference.parse("acme/tiny"), DownloadOptions.defaults());
    }
}
