package dev.mme5.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code GET /metrics}: the names are those of docs/SERVER.md, and shared tokens are counted. */
class MetricsTest {
    private static final Path DOCUMENTATION = Path.of("../docs/SERVER.md");
    private static final Pattern NAME = Pattern.compile("mme5_[a-z_]+(\\{[a-z,]+})?");

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(options -> options);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String metrics() throws Exception {
        return server.get("/metrics").body();
    }

    private static long value(String metrics, String name) {
        return metrics.lines().filter(line -> line.startsWith(name + " ")).mapToLong(line -> Long.parseLong(line.split(" ")[1]))
                .findFirst().orElseThrow();
    }

    /** How many tokens a request adds to that metric. */
    private static long added(String name, String body) throws Exception {
        long before = value(metrics(), name);
        server.object(200, "/v1/embeddings", body);
        return value(metrics(), name) - before;
    }

    @Test
    void documentedMetricsAreThoseThatExist() throws Exception {
        server.object(200, "/v1/embeddings", "{\"input\": \"a cat\"}");
        String text = metrics();
        for (int i = 0; i < 1000 && !text.contains("mme5_requests_total{"); i++) { // counted when an answer has been sent
            Thread.sleep(5);
            text = metrics();
        }

        assertThat(documented()).isEqualTo(existing(text));
    }

    /** Of the table, each with its labels. */
    private static TreeSet<String> documented() throws IOException {
        TreeSet<String> names = new TreeSet<>();
        try (Stream<String> lines = Files.lines(DOCUMENTATION)) {
            lines.filter(line -> line.startsWith("| `mme5_")).map(line -> line.split("\\|")[1])
                    .flatMap(cell -> NAME.matcher(cell).results()).map(MatchResult::group).forEach(names::add);
        }
        return names;
    }

    /** Each with its labels, without the bounds of histograms. */
    private static TreeSet<String> existing(String metrics) {
        TreeSet<String> names = new TreeSet<>();
        String current = "";
        for (String line : metrics.lines().toList()) {
            if (line.startsWith("# TYPE ")) current = line.split(" ")[2];
            if (line.startsWith("#")) continue;
            assertThat(line).startsWith(current);
            String labels = line.replaceAll(",?le=\"[^\"]*\"", "").replaceAll("=\"[^\"]*\"", "").replaceAll("[^{]*(\\{[a-z,]+})?.*", "$1");
            names.add(current + labels);
        }
        return names;
    }

    /** In one request the later text shares the tokens of the earlier; from request to request they are kept the second time. */
    @Test
    void sharedTokensAreCountedAndCachedOnesAmongThem() throws Exception {
        String pair = "{\"input\": [\"a heart and a book\", \"a heart and a bicycle\"]}";
        String first = "{\"input\": \"the moon behind a mountain\"}";

        String before = metrics();
        assertThat(added("mme5_tokens_shared_total", pair)).isPositive();
        assertThat(value(metrics(), "mme5_tokens_cached_total")).isEqualTo(value(before, "mme5_tokens_cached_total"));

        for (int i = 0; i < 2; i++) server.object(200, "/v1/embeddings", first);
        before = metrics();
        long cached = added("mme5_tokens_cached_total", first);
        String after = metrics();
        assertThat(cached).isPositive();
        assertThat(value(after, "mme5_tokens_shared_total") - value(before, "mme5_tokens_shared_total")).isEqualTo(cached);
    }
}
