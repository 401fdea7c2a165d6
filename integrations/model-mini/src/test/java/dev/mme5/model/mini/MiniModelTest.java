package dev.mme5.model.mini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Input;
import dev.mme5.engine.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MiniModelTest {
    private static final Path SOURCE = Path.of("../../models/mini");

    @TempDir
    Path cache;

    @Test
    void everyFileIsThatOfTheRepository() throws IOException {
        Path folder = MiniModel.folder(cache);

        List<String> names = List.of("config.json", "model.safetensors", "preprocessor_config.json", "tokenizer.json",
                "tokenizer_config.json");
        for (String name : names) {
            assertThat(Files.mismatch(folder.resolve(name), SOURCE.resolve(name))).as(name).isEqualTo(-1);
        }
        assertThat(folder.getFileName()).hasToString("mini");
        assertThat(list(folder)).hasSize(names.size() + 1);
    }

    @Test
    void modelOpensAndVerifies() {
        try (EmbeddingModel model = EmbeddingModel.open(MiniModel.folder(cache), Options.defaults().withVerify(true))) {
            assertThat(model.embed(Input.text("red apple")).dimensions()).isEqualTo(192);
        }
    }

    @Test
    void intactFolderIsNotWrittenAgain() throws IOException {
        Path folder = MiniModel.folder(cache);
        Object key = Files.getAttribute(folder, "creationTime");

        assertThat(MiniModel.folder(cache)).isEqualTo(folder);
        assertThat(Files.getAttribute(folder, "creationTime")).isEqualTo(key);
    }

    @Test
    void damagedFileIsReplaced() throws IOException {
        Path folder = MiniModel.folder(cache);
        byte[] bytes = Files.readAllBytes(folder.resolve("model.safetensors"));
        bytes[bytes.length / 2] ^= 1;
        Files.write(folder.resolve("model.safetensors"), bytes);
        Files.delete(folder.resolve("tokenizer.json"));

        MiniModel.folder(cache);

        everyFileIsThatOfTheRepository();
        assertThat(list(folder.getParent())).hasSize(1);
    }

    @Test
    void manyAtOnceUnpackOneFolder() throws Exception {
        List<Future<Path>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            for (int i = 0; i < 6; i++) results.add(threads.submit(() -> MiniModel.folder(cache)));
        }
        for (Future<Path> result : results) assertThat(result.get()).isEqualTo(results.getFirst().get());
        assertThat(list(results.getFirst().get().getParent())).hasSize(1);
        everyFileIsThatOfTheRepository();
    }

    @Test
    void unusableCacheIsNamed() throws IOException {
        Path file = Files.createFile(cache.resolve("file"));

        assertThatThrownBy(() -> MiniModel.folder(file)).isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file.toString()).hasMessageContaining(MiniModel.CACHE_PROPERTY);
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
