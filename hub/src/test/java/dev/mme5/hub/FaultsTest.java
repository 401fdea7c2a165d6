package dev.mme5.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.hub.FakeHub.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which a server or a network fails: the download goes on, or ends in one line, and no wrong file gets a name. */
@Isolated("measures time")
class FaultsTest extends HubTestBase {

    /** Fails the first requests for ranges of the weights. */
    private AtomicInteger failFirst(int count, FakeHub.Fault fault) {
        AtomicInteger left = new AtomicInteger(count);
        server.fault = (request, normal, isStorage) -> isStorage && left.getAndDecrement() > 0 ? fault.on(request, normal, true) : normal;
        return left;
    }

    private void always(FakeHub.Fault fault) {
        server.fault = (request, normal, isStorage) -> isStorage ? fault.on(request, normal, true) : normal;
    }

    private Reply zeros(FakeHub.Request request, Reply normal, boolean isStorage) {
        normal.bytes = new byte[weights.length];
        return normal;
    }

    private void assertNoWeights() throws IOException {
        assertThat(tree(temporary)).noneMatch(name -> name.contains("model.safetensors"))
                .doesNotContain("hub/models--acme--tiny/blobs/" + server.files.get("model.safetensors").etag());
        assertThat(hub().find(TINY)).isEmpty();
    }

    @Test
    void cutsAtRandomBytesAreMended() throws IOException {
        Random random = new Random(3);
        failFirst(30, (request, normal, isStorage) -> {
            normal.cutAfter = random.nextLong(normal.length + 1);
            return normal;
        });

        assertThat(downloaded(download())).isEqualTo(weights);
        assertThat(server.storageBytes.get()).isLessThan(weights.length + 30 * CHUNK);
    }

    @Test
    void wrongBytesAreFetchedOnceMore() throws IOException {
        AtomicInteger left = failFirst(1, this::zeros);

        assertThat(downloaded(download())).isEqualTo(weights);
        assertThat(left.get()).isNegative();
        assertThat(notices).anyMatch(line -> line.contains("expected the digest") && line.contains("once more"));
    }

    @Test
    void bytesThatStayWrongAreRefused() throws IOException {
        always(this::zeros);

        assertThatThrownBy(this::download).hasMessageContaining("model.safetensors: expected the digest").hasMessageContaining("twice");
        assertNoWeights();
        assertThat(tree(cache)).noneMatch(name -> name.endsWith(".incomplete"));
    }

    @Test
    void wrongSmallFileIsRefused() {
        server.fault = (request, normal, isStorage) -> {
            if (request.method().equals("GET") && request.target().endsWith("/config.json")) normal.bytes = new byte[normal.bytes.length];
            return normal;
        };

        assertThatThrownBy(this::download).hasMessageContaining("config.json: expected the digest");
    }

    @Test
    void wrongSizeInRangeIsRefused() throws IOException {
        always((request, normal, isStorage) -> normal.with("Content-Range",
                normal.headers.get("Content-Range").replaceAll("/\\d+", "/999")));

        assertThatThrownBy(this::download).hasMessageContaining("/999, expected bytes");
        assertNoWeights();
    }

    @Test
    void sizesThatContradictEachOtherAreRefused() {
        server.fault =
                (request, normal, isStorage) -> normal.headers.containsKey("X-Linked-Size") ? normal.with("X-Linked-Size", "5") : normal;

        assertThatThrownBy(this::download).hasMessage("model.safetensors: expected 1000003 bytes as in the list of files, found 5");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 416, 429, 500, 502, 503, 504})
    void passingStatusIsAskedAgain(int status) throws IOException {
        failFirst(3, (request, normal, isStorage) -> Reply.of(status));

        assertThat(downloaded(download())).isEqualTo(weights);
    }

    @ParameterizedTest
    @ValueSource(ints = {416, 429, 503})
    void lastingStatusIsAnError(int status) throws IOException {
        always((request, normal, isStorage) -> Reply.of(status));

        assertThatThrownBy(this::download).hasMessage("model.safetensors: 127.0.0.1 answers " + status);
        assertNoWeights();
    }

    @Test
    void retryAfterIsWaitedFor() throws IOException {
        AtomicInteger left = new AtomicInteger(1);
        server.fault = (request, normal, isStorage) -> request.target().contains("/api/") && left.getAndDecrement() > 0
                ? Reply.of(429).with("Retry-After", "1")
                : normal;
        long start = System.nanoTime();

        download();

        assertThat((System.nanoTime() - start) / 1e9).isGreaterThan(1);
        assertThat(notices).anyMatch(line -> line.endsWith("answers 429; asking again in 1 s"));
    }

    @Test
    void retryAfterOfADayIsAnError() {
        server.fault = (request, normal, isStorage) -> Reply.of(429).with("Retry-After", "86400");

        assertThatThrownBy(this::download).hasMessageContaining("it asks to wait for 86400 s");
    }

    @Test
    void slowServerIsWaitedFor() throws IOException {
        always((request, normal, isStorage) -> {
            normal.pauseMillis = 50;
            return normal;
        });

        assertThat(downloaded(download())).isEqualTo(weights);
        assertThat(notices).noneMatch(line -> line.contains("asking again"));
    }

    @Test
    void stalledConnectionIsGivenUpAndAskedAgain() throws IOException {
        stall = Duration.ofMillis(500);
        failFirst(2, (request, normal, isStorage) -> {
            normal.stallAfter = 10_000;
            return normal;
        });

        assertThat(downloaded(download())).isEqualTo(weights);
        assertThat(notices).anyMatch(line -> line.contains("sent nothing for"));
    }

    @Test
    void silentHubIsGivenUp() {
        stall = Duration.ofMillis(300);
        server.fault = (request, normal, isStorage) -> {
            Thread.sleep(60_000);
            return normal;
        };

        assertThatThrownBy(this::download).hasMessageContaining("sent nothing for");
    }

    @Test
    void endlessListIsCutOff() {
        server.fault = (request, normal, isStorage) -> {
            normal.isEndless = true;
            return normal.without("Content-Length");
        };

        assertThatThrownBy(this::download).hasMessageContaining("sends more than 4000000 bytes");
    }

    @Test
    void endlessFileIsCutOffAtItsSize() {
        always((request, normal, isStorage) -> {
            normal.isEndless = true;
            return normal.without("Content-Length");
        });

        assertThatThrownBy(this::download).hasMessageContaining("expected the digest");
    }

    @Test
    void serverWithoutRangesIsReadByOneConnection() throws IOException {
        AtomicInteger cuts = new AtomicInteger(2);
        always((request, normal, isStorage) -> {
            Reply whole = Reply.of(200).body(weights);
            if (cuts.getAndDecrement() > 0) whole.cutAfter = 300_000 + 200_000 * (2 - cuts.get());
            return whole;
        });

        assertThat(downloaded(download())).isEqualTo(weights);
        assertThat(notices).anyMatch(line -> line.contains("sends whole files only"));
    }

    @Test
    void expiredLinkIsReplaced() throws IOException {
        Map<String, AtomicInteger> uses = new ConcurrentHashMap<>();
        always((request, normal, isStorage) -> uses.computeIfAbsent(request.target(), any -> new AtomicInteger()).incrementAndGet() > 6
                ? Reply.of(403)
                : normal);

        assertThat(downloaded(download())).isEqualTo(weights);
        assertThat(uses).hasSizeGreaterThan(2);
    }

    @Test
    void linkThatStaysForbiddenIsAnError() {
        always((request, normal, isStorage) -> Reply.of(403));

        assertThatThrownBy(this::download).hasMessage("model.safetensors: 127.0.0.1 answers 403");
    }

    @Test
    void redirectLoopIsAnError() {
        server.fault = (request, normal, isStorage) -> Reply.of(307).with("Location", request.target());

        assertThatThrownBy(this::download).hasMessageContaining("redirects in a loop");
    }

    @Test
    void endlessRedirectsAreAnError() {
        AtomicInteger count = new AtomicInteger();
        server.fault = (request, normal, isStorage) -> Reply.of(302).with("Location", "/x" + count.incrementAndGet());

        assertThatThrownBy(this::download).hasMessageContaining("redirects in a loop, or more than 10 times");
        assertThat(count.get()).isLessThan(15);
    }

    @Test
    void renamedRepositoryIsFollowed() throws IOException {
        server.repository = "acme/renamed";
        server.fault = (request, normal, isStorage) -> request.target().contains("acme/tiny")
                ? Reply.of(307).with("Location", request.target().replace("acme/tiny", "acme/renamed"))
                : normal;

        Path folder = download();

        assertThat(downloaded(folder)).isEqualTo(weights);
        assertThat(folder).isEqualTo(hub().find(TINY).orElseThrow());
    }

    @Test
    void mirrorWithoutCommitHeaderWorks() throws IOException {
        server.fault = (request, normal, isStorage) -> normal.without("X-Repo-Commit");

        assertThat(downloaded(hub().download(TINY.withRevision(FakeHub.COMMIT), options()))).isEqualTo(weights);
        assertThat(downloaded(download())).isEqualTo(weights);
    }

    @Test
    void mirrorThatNamesNoCommitNeedsOne() throws IOException {
        server.fault = (request, normal, isStorage) -> request.target().contains("/api/")
                ? normal.body(new String(normal.bytes).replaceAll("\"sha\":\"[0-9a-f]+\",", "").getBytes())
                : normal.without("X-Repo-Commit");

        assertThatThrownBy(this::download).hasMessageContaining("ask for a commit of 40 hex digits");
        assertThat(downloaded(hub().download(TINY.withRevision(FakeHub.COMMIT), options()))).isEqualTo(weights);
    }

    @Test
    void mirrorWithoutSizesInItsListWorks() throws IOException {
        server.listsBlobs = false;

        assertThat(downloaded(download())).isEqualTo(weights);
    }

    @Test
    void missingEtagOrSizeIsAnError() {
        server.listsBlobs = false;
        server.fault = (request, normal, isStorage) -> normal.without("ETag").without("X-Linked-Etag");
        assertThatThrownBy(this::download).hasMessageContaining("sends no ETag");

        server.fault = (request, normal, isStorage) -> normal.without("X-Linked-Size");
        assertThatThrownBy(this::download).hasMessageContaining("model.safetensors: the server does not say how large it is");
    }

    @Test
    void etagThatIsNoDigestIsAnErrorUnlessTheListHasOne() throws IOException {
        server.fault = (request, normal, isStorage) -> normal.headers.containsKey("ETag") && normal.status == 200
                ? normal.with("ETag", "\"12-abc\"")
                : normal;
        assertThat(downloaded(download())).isEqualTo(weights);

        server.listsBlobs = false;
        assertThatThrownBy(() -> hub().download(TINY, options().withForce(true))).hasMessageContaining("expected a digest as etag");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../../evil", "..", "/etc/evil", "x/../../evil"})
    void etagThatIsAPathIsRefused(String etag) throws IOException {
        server.listsBlobs = false;
        server.fault =
                (request, normal, isStorage) -> normal.headers.containsKey("X-Linked-Etag") ? normal.with("X-Linked-Etag", etag) : normal;

        assertThatThrownBy(this::download).hasMessageContaining("expected an etag of hex digits");
        assertThat(tree(temporary)).noneMatch(name -> name.contains("evil"));
    }

    @Test
    void commitThatIsAPathIsRefused() {
        server.branchCommit = "../../../evil";

        assertThatThrownBy(this::download).hasMessageContaining("expected 40 hex digits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil.json", "/evil.json", "C:/evil.json", "a/../../evil.json", "..\\evil.json"})
    void namesThatLeadOutAreRefused(String name) throws IOException {
        server.small(name, "evil");

        assertThatThrownBy(() -> hub().download(TINY, options().withFilter(path -> true))).hasMessageContaining("leads out of the folder");
        assertThat(tree(temporary)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {".cache/huggingface/download/x.metadata", "NUL", "com1.json", "a//b", "name.", "Config.json", "config.json/x"})
    void namesThatAreOthersElsewhereAreRefused(String name) {
        server.small(name, "odd");

        assertThatThrownBy(() -> hub().download(TINY, options().withFilter(path -> !path.endsWith(".bin"))))
                .hasMessageContaining("acme/tiny is refused: the file name");
    }

    @Test
    void indexThatNamesPathsIsRefused() {
        server.files.remove("model.safetensors");
        server.small("model.safetensors.index.json", "{\"weight_map\":{\"a\":\"../../x.safetensors\"}}");

        assertThatThrownBy(this::download).hasMessageContaining("expected the plain name of a safetensors file");
    }

    @Test
    void smallFileOf6GigabytesIsRefused() {
        server.files.put("tokenizer.json", new FakeHub.Entry(null, null, 6_000_000_000L, "a".repeat(64), true));

        assertThatThrownBy(this::download).hasMessage("tokenizer.json: expected at most 100000000 bytes, found 6000000000");
    }

    @Test
    void modelThatTheDiskCannotHoldIsRefusedBeforeItsFirstByte() {
        server.files.put("model.safetensors", new FakeHub.Entry(null, null, 1L << 50, "a".repeat(64), true));

        assertThatThrownBy(this::download).hasMessageContaining("of free space, and 1125899.91 GB are to come")
                .hasFieldOrPropertyWithValue("remedy", HubException.Remedy.OTHER_DISK);
        assertThat(server.requests()).isEqualTo(1);

        server.listsBlobs = false;
        assertThatThrownBy(this::download).hasMessageContaining("of free space, and 1125899.91 GB are to come");
        assertThat(server.storageRequests).isEmpty();
    }

    @Test
    void compressedAnswerIsRefused() {
        always((request, normal, isStorage) -> normal.with("Content-Encoding", "gzip"));

        assertThatThrownBy(this::download).hasMessageContaining("sends a compressed file");
    }

    @Test
    void listThatIsNoJsonIsRefused() {
        server.fault = (request, normal, isStorage) -> request.target().contains("/api/") ? normal.body("<html>".getBytes()) : normal;

        assertThatThrownBy(this::download).isInstanceOf(HubException.class).hasMessageContaining("acme/tiny at http://127.0.0.1");
    }

    @Test
    void messagesOfServersCannotForgeLines() {
        server.fault = (request, normal, isStorage) -> request.method().equals("HEAD") && normal.headers.containsKey("ETag")
                ? normal.with("ETag", "\u001b[31mred")
                : normal;

        assertThatThrownBy(this::download).satisfies(e -> assertThat(e.getMessage().chars()).noneMatch(Character::isISOControl));
    }

    @Test
    void damagedRecordOfAPartialFileIsForgotten() throws IOException {
        Path blob = cache.resolve("models--acme--tiny/blobs/" + server.files.get("model.safetensors").etag());
        Files.createDirectories(blob.getParent());
        for (byte[] record : Set.of(new byte[3], new byte[24 + 8 * 16], "mme5part".getBytes())) {
            Files.write(Path.of(blob + ".mme5.chunks.incomplete"), record);
            Files.write(Path.of(blob + ".mme5.incomplete"), new byte[5_000]);

            assertThat(downloaded(hub().download(TINY, options().withForce(true)))).isEqualTo(weights);
        }
    }
}
