package dev.mme5.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The made-up checkpoint of the benchmarks: real widths, few layers, 3.5 GB, written once. */
final class BenchmarkModel {
    private static final Path FOLDER = Path.of("benchmarks", "target", "few-layers");

    private BenchmarkModel() {}

    /** Its folder, below the current one, which is the root of the source tree. */
    static Path folder() throws IOException {
        if (!Files.exists(FOLDER.resolve("model.safetensors.index.json"))) {
            Files.createDirectories(FOLDER.getParent());
            SyntheticCheckpoint.write(FOLDER, SyntheticShape.few(448), 1, null);
        }
        return FOLDER;
    }
}
