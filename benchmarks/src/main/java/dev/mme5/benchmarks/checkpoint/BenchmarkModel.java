package dev.mme5.benchmarks.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The synthetic checkpoint of the benchmarks: real widths, few layers, 3.7 GB, written once. */
public final class BenchmarkModel {
    private BenchmarkModel() {}

    /** @param tree the root of the source tree; the folder is below {@code benchmarks/target} */
    public static Path folder(Path tree) throws IOException {
        Path folder = tree.resolve("benchmarks").resolve("target").resolve("few-layers");
        if (!Files.exists(folder.resolve(SyntheticCheckpoint.INDEX))) {
            Files.createDirectories(folder.getParent());
            SyntheticCheckpoint.write(folder, SyntheticShape.few(448), 1, tree.resolve(SyntheticConfig.MINI));
        }
        return folder;
    }
}
