package dev.mme5.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Isolated;

/** What a download leaves in the cache or a folder, and which requests it takes. */
@Isolated("measures time")
class DownloadTest extends HubTestBase {
    @Test
    void cacheIsLaidOutAsPythonDoes() throws IOException {
        Path folder = download();

        assertThat(folder).isEqualTo(cache.resolve("models--acme--tiny/snapshots/" + FakeHub.COMMIT));
        assertThat(downloaded(folder)).isEqualTo(weights);
        String weightsEtag = server.files.get("model.safetensors").etag();
        String configEtag = server.files.get("config.json").etag();
        List<String> tree = tree(cache);
        assertThat(tree).contains("CACHEDIR.TAG", "models--acme--tiny/refs/main", "models--acme--tiny/blobs/" + weightsEtag,
                "models--acme--tiny/.no_exist/" + FakeHub.COMMIT + "/preprocessor_config.json",
                "models--acme--tiny/snapshots/" + FakeHub.COMMIT + "/config.json -> ../../blobs/" + configEtag);
        assertThat(tree).noneMatch(name -> name.endsWith(".incomplete") || name.endsWith(".tmp"));
        assertThat(tree).noneMatch(name -> name.endsWith(".py") || name.endsWith(".bin") || name.endsWith(".gitattributes"));
        assertThat(Files.readString(cache.resolve("models--acme--tiny/refs/main"))).isEqualTo(FakeHub.COMMIT);
        assertThat(Files.readString(cache.resolve("CACHEDIR.TAG"))).startsWith("Signature: 8a477f597d28d172789f06886806bc55");
    }

    @Test
    void onlyWhatIsNeededIsAskedFor() {
        download();

        assertThat(server.hubRequests).noneMatch(request -> request.target().contains(".py") || request.target().contains(".bin"));
        assertThat(server.hubRequests).allMatch(request -> request.header("Accept-Encoding").equals("identity"));
    }

    @Test
    void completeModelIsFoundWithoutRequest() {
        Path folder = download();
        server.forgetRequests();
        ModelHub hub = hub();
        Optional<Path> found = Optional.empty();
        long millis = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {   // the best of a few: other work may disturb one
            long start = System.nanoTime();
            found = hub.find("acme/tiny");
            millis = Math.min(millis, (System.nanoTime() - start) / 1_000_000);
        }

        assertThat(found).contains(folder);
        assertThat(hub.download(TINY.withRevision(FakeHub.COMMIT), options())).isEqualTo(folder);
        assertThat(millis).isLessThan(50);
        assertThat(server.requests()).isZero();
    }

    @Test
    void secondDownloadFetchesNoBytesAgain() {
        download();
        server.forgetRequests();

        download();

        assertThat(server.storageRequests).isEmpty();
        assertThat(server.hubRequests).noneMatch(request -> request.method().equals("GET") && request.target().contains("/resolve/"));
    }

    @Test
    void movedBranchIsFetchedAndOldSnapshotStays() throws IOException {
        Path old = download();
        server.branchCommit = "f".repeat(40);
        server.small("config.json", "{\"model_type\":\"tiny\",\"v\":2}");
        server.forgetRequests();

        Path folder = download();

        assertThat(folder.getFileName()).hasToString("f".repeat(40));
        assertThat(Files.readString(folder.resolve("config.json"))).contains("\"v\":2");
        assertThat(Files.readString(old.resolve("config.json"))).doesNotContain("\"v\":2");
        assertThat(server.storageRequests).isEmpty();   // the weights are the same blob
    }

    @Test
    void offlineUsesTheCacheAndSendsNothing() {
        assertThatThrownBy(() -> download("HF_HUB_OFFLINE", "1")).isInstanceOf(HubException.class).hasMessageContaining("HF_HUB_OFFLINE");
        assertThat(server.requests()).isZero();
        Path folder = download();
        server.forgetRequests();

        assertThat(download("TRANSFORMERS_OFFLINE", "yes")).isEqualTo(folder);
        assertThat(server.requests()).isZero();
    }

    @Test
    void unreachableHubIsReplacedByTheCache() throws IOException {
        Path folder = download();
        server.close();

        assertThat(download()).isEqualTo(folder);
        assertThat(notices).last().asString().contains("using what the cache has");
    }

    @Test
    void copiesTakeTheirPlaceWhereThereAreNoLinks() throws IOException {
        Path folder = download("HF_HUB_DISABLE_SYMLINKS", "1");

        assertThat(downloaded(folder)).isEqualTo(weights);
        assertThat(tree(cache)).noneMatch(name -> name.contains(" -> "));
        server.forgetRequests();
        assertThat(download("HF_HUB_DISABLE_SYMLINKS", "1")).isEqualTo(folder);
        assertThat(server.storageRequests).isEmpty();
        assertThat(folder.resolve(".cache/huggingface/download/model.safetensors.metadata"))
                .content().contains(server.files.get("model.safetensors").etag());   // --verify looks there
    }

    @Test
    void forceWithCopiesLeavesOtherSnapshotsWhole() throws IOException {
        download("HF_HUB_DISABLE_SYMLINKS", "1");
        Path first = hub().find(TINY).orElseThrow();
        server.branchCommit = "1".repeat(40);
        Path second = hub("HF_HUB_DISABLE_SYMLINKS", "1").download(TINY, options().withForce(true));

        assertThat(second).isNotEqualTo(first);
        assertThat(downloaded(first)).isEqualTo(weights);
        assertThat(downloaded(second)).isEqualTo(weights);
    }

    @Test
    void forceWithCopiesLeavesLinksOfOtherSnapshotsWhole() throws IOException {
        Path linked = download();
        server.branchCommit = "1".repeat(40);
        Path copied = hub("HF_HUB_DISABLE_SYMLINKS", "1").download(TINY, options().withForce(true));
        assertThat(downloaded(linked)).isEqualTo(weights);
        assertThat(downloaded(copied)).isEqualTo(weights);
        assertThat(tree(copied)).noneMatch(name -> name.contains(" -> "));
    }

    @Test
    void impossibleSizesAreRefusedBeforeTheFirstByte() {
        server.files.remove("model.safetensors");
        for (int i = 1; i <= 3; i++) {
            String name = "model-0000" + i + "-of-00003.safetensors";
            server.files.put(name, new FakeHub.Entry(new byte[0], Path.of("none"), Long.MAX_VALUE / 2, "ab".repeat(32), true));
        }
        server.small("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"model-00001-of-00003.safetensors\"}}");

        assertThatThrownBy(this::download).isInstanceOf(HubException.class).hasMessageContaining("GB of free space");
        assertThat(server.storageRequests).isEmpty();
    }

    @Test
    void indexThatNamesNoFileIsRefused() {
        server.files.remove("model.safetensors");
        server.small("model.safetensors.index.json", "{\"weight_map\": {}}");

        assertThatThrownBy(this::download).hasMessageContaining("expected at least one tensor, found none");
        assertThat(hub().find(TINY)).isEmpty();
    }

    /** As transformers' AutoModel leaves it: then the mean would be taken of a model that was trained for its first token. */
    @Test
    void snapshotWithoutWhatDecidesThePoolingIsNotComplete() throws IOException {
        server.small("modules.json", "[]");
        Path folder = download();
        assertThat(hub().find(TINY)).contains(folder);
        Files.delete(folder.resolve("modules.json"));
        server.forgetRequests();
        assertThat(hub().find(TINY)).isEmpty();
        assertThatThrownBy(() -> hub().require(TINY)).hasMessageContaining("is not complete (modules.json was not fetched)");
        assertThat(server.requests()).isZero();
        assertThat(download()).isEqualTo(folder);
        assertThat(hub().find(TINY)).contains(folder);
    }

    @Test
    void modelOfImagesNeedsNoRecordOfPooling() throws IOException {
        server.small("config.json", "{\"model_type\":\"tiny\",\"vision_config\":{}}");
        server.small("preprocessor_config.json", "{}");
        Path folder = download();
        try (var marks = Files.walk(cache.resolve("models--acme--tiny/.no_exist"))) {
            for (Path mark : marks.filter(Files::isRegularFile).toList()) Files.delete(mark);
        }

        assertThat(hub().find(TINY)).contains(folder);
        Files.delete(folder.resolve("preprocessor_config.json"));
        assertThat(hub().find(TINY)).isEmpty();
    }

    @Test
    void forceFetchesAgain() throws IOException {
        Path folder = download();
        Path blob = folder.resolve("model.safetensors").toRealPath();
        Files.write(blob, new byte[weights.length]);

        hub().download(TINY, options().withForce(true));

        assertThat(downloaded(folder)).isEqualTo(weights);
    }

    @Test
    void plainFolderWithADecisiveFileOfAnotherRevisionIsRefused() throws IOException {
        Path output = temporary.resolve("model with a module");
        Files.createDirectories(output);
        Files.writeString(output.resolve("modules.json"), "[]");

        assertThatThrownBy(() -> hub().download(TINY, options().withOutput(output)))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("modules.json is no file of")
                .hasFieldOrPropertyWithValue("remedy", HubException.Remedy.OTHER_FOLDER);
        assertThat(output.resolve("config.json")).doesNotExist();
    }

    @Test
    void shardsAreThoseTheIndexNames() throws IOException {
        shard();

        Path folder = download();

        try (var entries = Files.list(folder)) {
            assertThat(entries.map(entry -> entry.getFileName().toString())).contains("model-00001-of-00002.safetensors",
                    "model-00002-of-00002.safetensors", "model.safetensors.index.json").doesNotContain("other.safetensors");
        }
        Files.delete(folder.resolve("model-00002-of-00002.safetensors"));
        assertThat(hub().find(TINY)).isEmpty();
        assertThatThrownBy(() -> hub().require(TINY)).hasMessageContaining("model-00002-of-00002.safetensors was not fetched)");
    }

    private void shard() {
        server.files.remove("model.safetensors");
        server.large("model-00001-of-00002.safetensors", Arrays.copyOfRange(weights, 0, 500_000));
        server.large("model-00002-of-00002.safetensors", Arrays.copyOfRange(weights, 500_000, weights.length));
        server.large("other.safetensors", weights);
        server.small("model.safetensors.index.json", """
                {"weight_map":{"a":"model-00001-of-00002.safetensors","b":"model-00002-of-00002.safetensors"}}""");
    }

    @Test
    void refusedConfigurationEndsBeforeTheWeights() {
        assertThatThrownBy(() -> hub().download(TINY, options().withCheck(folder -> {
            assertThat(folder.resolve("config.json")).isRegularFile();
            return Optional.of("model_type tiny is not known");
        }))).hasMessage("acme/tiny is refused: model_type tiny is not known");
        assertThat(server.storageRequests).isEmpty();
    }

    @Test
    void repositoryWithoutSafetensorsIsRefusedByItsList() {
        server.files.remove("model.safetensors");

        assertThatThrownBy(this::download).hasMessageContaining("no weights in safetensors, only in formats that are not read");
        assertThat(server.requests()).isEqualTo(1);
    }

    @Test
    void outputFolderHasFilesAndTheirEtags() throws IOException {
        Path output = temporary.resolve("out");

        Path folder = hub().download(TINY, options().withOutput(output));

        assertThat(folder).isEqualTo(output);
        assertThat(downloaded(output)).isEqualTo(weights);
        List<String> lines = Files.readAllLines(output.resolve(".cache/huggingface/download/model.safetensors.metadata"));
        assertThat(lines.subList(0, 2)).containsExactly(FakeHub.COMMIT, server.files.get("model.safetensors").etag());
        assertThat(cache).doesNotExist();
        server.forgetRequests();
        hub().download(TINY, options().withOutput(output));
        assertThat(server.storageRequests).isEmpty();
    }

    @Test
    void outputFolderKeepsForeignFilesUnlessForced() throws IOException {
        Path output = Files.createDirectory(temporary.resolve("out"));
        Files.writeString(output.resolve("model.safetensors"), "mine");

        assertThatThrownBy(() -> hub().download(TINY, options().withOutput(output)))
                .hasMessageContaining("is another file").hasFieldOrPropertyWithValue("remedy", HubException.Remedy.FORCE);
        assertThat(output.resolve("model.safetensors")).hasContent("mine");
        assertThatThrownBy(() -> hub().download(TINY, options().withOutput(output.resolve("model.safetensors"))))
                .hasMessage(output.resolve("model.safetensors") + ": exists and is no folder");
        hub().download(TINY, options().withOutput(output).withForce(true));
        assertThat(downloaded(output)).isEqualTo(weights);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)   // creating links needs privileges there
    void outputFolderOfAStrangerLeadsNowhereElse() throws IOException {
        server.small("1_Pooling/config.json", "{}");
        Path victim = Files.writeString(temporary.resolve("victim"), "mine");
        Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
        String kept = ".cache/huggingface/download/model.safetensors." + server.files.get("model.safetensors").etag();
        for (String link : List.of(kept + ".mme5.incomplete", kept + ".mme5.chunks.incomplete", "1_Pooling", ".cache",
                ".cache/huggingface/download/1_Pooling", ".cache/huggingface/download/model.safetensors.mme5.lock")) {
            Path output = temporary.resolve("out-" + link.replace('/', '-'));
            boolean isFolder = !link.contains("model.");
            Files.createDirectories(output.resolve(link).getParent());
            Files.createSymbolicLink(output.resolve(link), isFolder ? elsewhere : victim);

            assertThatThrownBy(() -> hub().download(TINY, options().withOutput(output))).as(link).isInstanceOf(HubException.class);
            assertThat(victim).hasContent("mine");
            assertThat(elsewhere).isEmptyDirectory();
        }
    }

    @Test
    void outputFolderTakesWhatTheCacheHas() throws IOException {
        download();
        server.forgetRequests();

        Path output = hub().download(TINY, options().withOutput(temporary.resolve("out")));

        assertThat(downloaded(output)).isEqualTo(weights);
        assertThat(server.storageRequests).isEmpty();
    }

    @Test
    void listShowsCompleteAndIncompleteModels() throws IOException {
        Path folder = download();
        List<CachedModel> complete = hub().list(any -> Optional.of("too large"));
        Files.delete(folder.resolve("model.safetensors"));
        List<CachedModel> incomplete = hub().list();

        assertThat(complete).singleElement().satisfies(model -> {
            assertThat(model.name()).isEqualTo("acme/tiny");
            assertThat(model.revisions()).containsExactly("main");
            assertThat(model.isComplete()).isTrue();
            assertThat(model.problem()).contains("too large");
            assertThat(model.bytes()).isGreaterThan(weights.length);
        });
        assertThat(incomplete).singleElement().satisfies(model -> assertThat(model.missing()).contains("model.safetensors"));
    }

    @Test
    void progressEndsWithAllBytes() {
        List<DownloadProgress> seen = new ArrayList<>();

        hub().download(TINY, DownloadOptions.defaults().withListener(new DownloadListener() {
            @Override
            public void progress(DownloadProgress progress) {
                seen.add(progress);
            }
        }));

        DownloadProgress last = seen.getLast();
        assertThat(seen).as("the weights count from the first call on").allMatch(any -> any.totalBytes() == last.totalBytes());
        assertThat(last.isComplete()).isTrue();
        assertThat(last.bytes()).isEqualTo(last.totalBytes()).isGreaterThan(weights.length);
    }

    @Test
    void listenerThatThrowsEndsTheDownload() {
        DownloadListener broken = new DownloadListener() {
            @Override
            public void progress(DownloadProgress progress) {
                throw new IllegalStateException("mine");
            }
        };

        assertThatThrownBy(() -> hub().download(TINY, DownloadOptions.defaults().withListener(broken)))
                .isInstanceOf(IllegalStateException.class).hasMessage("mine");
    }

    @Test
    void emptyFilesAreFine() throws IOException {
        server.small("LICENSE", "");

        assertThat(download().resolve("LICENSE")).isEmptyFile();
    }

    @Test
    void progressIsDescribedForAPerson() {
        assertThat(new DownloadProgress(3_210_000_000L, 21_300_000_000L, 85e6, "a", false).describe())
                .isEqualTo("3.21 of 21.30 GB, 85.0 MB/s, 3 min 33 s left");
        assertThat(new DownloadProgress(5, 1_000_000, 0, "", false).describe()).isEqualTo("0.00 of 1.00 MB");
    }

    @Test
    void cacheThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));

        assertThatThrownBy(() -> download("HF_HUB_CACHE", file.resolve("hub").toString()))
                .isInstanceOf(HubException.class).hasMessageMatching(file + ".*(exists and is no folder|Not a directory)");
    }

    @Test
    void hubThatIsNotThereIsNamed() throws IOException {
        server.close();

        assertThatThrownBy(this::download).hasMessageMatching("127\\.0\\.0\\.1 cannot be reached or broke off: [a-zC ]+");
        assertThat(notices).hasSize(3);
    }
}
