package dev.mme5.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A fake hub with a tiny model, an empty cache, and a hub of short patience with chunks of 64 KB. */
abstract class HubTestBase {
    static final long CHUNK = 64 << 10;
    static final ModelReference TINY = ModelReference.parse("acme/tiny");

    @TempDir
    Path temporary;

    FakeHub server;
    byte[] weights;
    /** Long, since a busy machine is no stalled server; tests of stalls shorten it. */
    Duration stall = Duration.ofSeconds(10);
    Path cache;
    final List<String> notices = new CopyOnWriteArrayList<>();

    @BeforeEach
    void startServer() throws IOException {
        weights = new byte[1_000_003];
        new Random(7).nextBytes(weights);
        server = new FakeHub();
        server.tinyModel(weights);
        cache = temporary.resolve("hub");
    }

    @AfterEach
    void stopServer() throws IOException {
        server.close();
    }

    Map<String, String> environment(String... more) {
        Map<String, String> environment = new HashMap<>();
        environment.put("HF_ENDPOINT", server.endpoint().toString());
        environment.put("HF_HUB_CACHE", cache.toString());
        for (int i = 0; i < more.length; i += 2) environment.put(more[i], more[i + 1]);
        return environment;
    }

    HubSettings settings(String... more) {
        return HubSettings.of(environment(more), temporary).withPatience(stall, 4, Duration.ofMillis(5));
    }

    ModelHub hub(String... more) {
        return ModelHub.of(settings(more), CHUNK);
    }

    DownloadOptions options() {
        return DownloadOptions.defaults().withListener(new DownloadListener() {
            @Override
            public void notice(String line) {
                notices.add(line);
            }
        });
    }

    Path download(String... more) {
        return hub(more).download(TINY, options());
    }

    byte[] downloaded(Path folder) throws IOException {
        return Files.readAllBytes(folder.resolve("model.safetensors"));
    }

    /** Every entry below a folder, relative, sorted, links as {@code NAME -> TARGET}. */
    static List<String> tree(Path folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (var entries = Files.walk(folder)) {
            for (Path entry : entries.sorted().toList()) {
                String name = folder.relativize(entry).toString();
                if (Files.isSymbolicLink(entry)) {
                    names.add(name + " -> " + Files.readSymbolicLink(entry));
                } else if (!Files.isDirectory(entry)) {
                    names.add(name);
                }
            }
        }
        return names;
    }
}
