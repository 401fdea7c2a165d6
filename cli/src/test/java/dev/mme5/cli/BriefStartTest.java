package dev.mme5.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that start.sh runs without the optimising compiler. Each that is not brief differs in one thing from one that is. */
class BriefStartTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    @TempDir
    Path folder;

    private String small;

    @BeforeEach
    void makeSmallModel() throws IOException {
        small = makeModel("small", 1000).toString();
    }

    private boolean isBrief(Map<String, String> environment, String... arguments) throws Exception {
        Path script = Path.of("cli/src/main/resources/dev/mme5/cli/packaging/start.sh").toAbsolutePath();
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-euc", ". \"$0\"; if is_brief \"$@\"; then echo yes; else echo no; fi",
                script.toString(), folder.resolve("none").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("HF_") || name.startsWith("HUGGING") || name.startsWith("XDG_"));
        builder.environment().put("HOME", folder.resolve("home").toString());
        builder.environment().putAll(environment);
        String said = CliJvm.output(builder.start()).strip();
        assertThat(said).isIn("yes", "no");
        return said.equals("yes");
    }

    private boolean isBrief(String... arguments) throws Exception {
        return isBrief(Map.of(), arguments);
    }

    private Path makeModel(String name, long bytes) throws IOException {
        Path model = Files.createDirectories(folder.resolve(name));
        try (RandomAccessFile file = new RandomAccessFile(model.resolve("model.safetensors").toFile(), "rw")) {
            file.setLength(bytes);
        }
        return model;
    }

    /** As the cache has it: the files are links, and no newline ends the commit. */
    private Path makeSnapshot(String hub, long bytes) throws IOException {
        Path repository = folder.resolve(hub).resolve("models--acme--tiny");
        Path snapshot = Files.createDirectories(repository.resolve("snapshots").resolve(COMMIT));
        makeModel(hub + "/models--acme--tiny/blobs", bytes);
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../../blobs/model.safetensors"));
        Files.createDirectories(repository.resolve("refs"));
        Files.writeString(repository.resolve("refs/main"), COMMIT);
        return snapshot;
    }

    @Test
    void embeddingAShortTextIsBrief() throws Exception {
        assertThat(isBrief("embed", "--model", small, "--prompt-name", "query", "a cat", "--quiet")).isTrue();
        assertThat(isBrief("embed", "--model", small, "--input", "x.jsonl")).isFalse();
        assertThat(isBrief("embed", "a cat", "--model")).isFalse();
        assertThat(isBrief("tokenize", "--model", small, "a cat")).isFalse();
        assertThat(isBrief()).isFalse();
    }

    @Test
    void onlyASmallModelIsBrief() throws Exception {
        Path quantized = makeModel("quantized", 1000);
        Files.createFile(quantized.resolve("quantization.json"));

        assertThat(isBrief("embed", "--model", makeModel("smaller", 153_000_000).toString(), "a cat")).isTrue();
        assertThat(isBrief("embed", "--model", makeModel("large", 154_000_000).toString(), "a cat")).isFalse();
        assertThat(isBrief("embed", "--model", quantized.toString(), "a cat")).isFalse();
        assertThat(isBrief("embed", "a cat")).isFalse();
    }

    @Test
    void manyShortTextsAreNotBrief() throws Exception {
        assertThat(isBrief(texts(1, 190))).isTrue();
        assertThat(isBrief(texts(1, 191))).isFalse();
        assertThat(isBrief(texts(18, 1))).isTrue();
        assertThat(isBrief(texts(19, 1))).isFalse();
    }

    private String[] texts(int count, int length) {
        List<String> arguments = new ArrayList<>(List.of("embed", "--model", small));
        arguments.addAll(Collections.nCopies(count, "a".repeat(length)));
        return arguments.toArray(String[]::new);
    }

    @Test
    void aNameIsLookedUpInTheCacheOfTheHub() throws Exception {
        assertThat(isBrief("embed", "--model", "acme/tiny", "a cat")).isFalse();
        Path snapshot = makeSnapshot("home/.cache/huggingface/hub", 1000);

        assertThat(isBrief("embed", "--model", "acme/tiny", "a cat")).isTrue();
        assertThat(isBrief("embed", "--model", "acme/other", "a cat")).isFalse();
        assertThat(isBrief("embed", "--model", "tiny", "a cat")).isFalse();

        Files.createFile(snapshot.resolve("adapter_config.json"));
        assertThat(isBrief("embed", "--model", "acme/tiny", "a cat")).isFalse();
    }

    @Test
    void aRevisionIsLookedUpThere() throws Exception {
        Path snapshot = makeSnapshot("home/.cache/huggingface/hub", 1000);
        Path refs = snapshot.getParent().resolveSibling("refs");
        Files.createDirectories(refs.resolve("pr"));
        Files.writeString(refs.resolve("v1.0"), COMMIT);
        Files.writeString(refs.resolve("pr/1"), COMMIT + "\n");

        for (String revision : List.of("main", "v1.0", "pr/1", COMMIT)) {
            assertThat(isBrief("embed", "--model", "acme/tiny@" + revision, "a cat")).as(revision).isTrue();
        }
        for (String revision : List.of("", "pr", "v2", COMMIT.replace('0', 'f'), "../refs/main", ".", "/", "main/", "main@main")) {
            assertThat(isBrief("embed", "--model", "acme/tiny@" + revision, "a cat")).as(revision).isFalse();
        }
        assertThat(isBrief("embed", "--model", "acme/other@main", "a cat")).isFalse();
        assertThat(isBrief("embed", "--model", "tiny@main", "a cat")).isFalse();

        Files.delete(refs.resolve("main"));
        assertThat(isBrief("embed", "--model", "acme/tiny", "a cat")).isFalse();
        assertThat(isBrief("embed", "--model", "acme/tiny@v1.0", "a cat")).isTrue();
    }

    @Test
    void aRefIsReadOnlyIfItHoldsACommit() throws Exception {
        Path snapshot = makeSnapshot("home/.cache/huggingface/hub", 1000);
        Path ref = snapshot.getParent().resolveSibling("refs").resolve("main");
        Files.createSymbolicLink(snapshot.resolveSibling("v1"), snapshot);
        Files.createSymbolicLink(snapshot.resolveSibling(COMMIT.replace('0', 'X')), snapshot);

        for (String content : List.of("", "v1", "../snapshots/" + COMMIT, COMMIT.replace('0', 'X'), "\n" + COMMIT)) {
            Files.writeString(ref, content);
            assertThat(isBrief("embed", "--model", "acme/tiny", "a cat")).as(content).isFalse();
        }
        assertThat(isBrief("embed", "--model", "acme/tiny@v1", "a cat")).isFalse();
        Files.writeString(ref, COMMIT);
        assertThat(isBrief("embed", "--model", "acme/tiny", "a cat")).isTrue();
    }

    @Test
    void aRefThatMayNotBeReadIsPassedOverInSilence() throws Exception {
        Path ref = makeSnapshot("home/.cache/huggingface/hub", 1000).getParent().resolveSibling("refs").resolve("main");
        assumeTrue(ref.toFile().setReadable(false) && !Files.isReadable(ref), "needs a user who may not read everything");

        assertThat(isBrief("embed", "--model", "acme/tiny", "a cat")).isFalse();
    }

    @Test
    void aLargeModelOfTheCacheIsNotBrief() throws Exception {
        makeSnapshot("home/.cache/huggingface/hub", 200_000_000);

        assertThat(isBrief("embed", "--model", "acme/tiny", "a cat")).isFalse();
    }

    @Test
    void theEnvironmentTellsWhereTheCacheIs() throws Exception {
        makeSnapshot("a cache/hub", 1000);
        makeSnapshot("xdg/huggingface/hub", 1000);
        String hub = folder.resolve("a cache/hub").toString();
        String none = folder.resolve("none").toString();
        String[] arguments = {"embed", "--model", "acme/tiny", "a cat"};

        assertThat(isBrief(Map.of("HF_HUB_CACHE", hub, "HUGGINGFACE_HUB_CACHE", none, "HF_HOME", none), arguments)).isTrue();
        assertThat(isBrief(Map.of("HUGGINGFACE_HUB_CACHE", hub, "HF_HOME", none), arguments)).isTrue();
        assertThat(isBrief(Map.of("HF_HOME", folder.resolve("a cache").toString(), "XDG_CACHE_HOME", none), arguments)).isTrue();
        assertThat(isBrief(Map.of("XDG_CACHE_HOME", folder.resolve("xdg").toString()), arguments)).isTrue();
        assertThat(isBrief(Map.of("HF_HUB_CACHE", none, "HF_HOME", folder.resolve("a cache").toString()), arguments)).isFalse();
    }
}
