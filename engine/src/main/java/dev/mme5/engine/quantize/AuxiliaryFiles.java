package dev.mme5.engine.quantize;

import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.file.ModelFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The files that belong to a model beside its weights, as far as they are there. None leads out of the folder. */
record AuxiliaryFiles(List<AuxiliaryFiles.Companion> files) {
    /** As long as a JSON file of a model may be. */
    private static final long MOST_BYTES = 100_000_000;

    private static final List<String> NAMES = List.of(
            "config.json", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
            "generation_config.json", "chat_template.json", "chat_template.jinja", "LICENSE", "LICENSE.txt", "NOTICE", "USE_POLICY.md");

    /**
     * One file.
     *
     * @param file as the user would find it
     * @param target the same without links
     */
    record Companion(Path file, Path target, long bytes) {}

    /** @throws ModelFormatException when one is no regular file of the folder, cannot be read or is too large to belong to a model */
    static AuxiliaryFiles of(Path source) {
        ModelFolder folder = ModelFolder.of(source);
        List<Companion> files = new ArrayList<>();
        for (String name : NAMES) {
            if (folder.lists(name)) files.add(companion(folder, source.resolve(name)));
        }
        return new AuxiliaryFiles(List.copyOf(files));
    }

    private static Companion companion(ModelFolder folder, Path file) {
        Path target = folder.checked(file);
        try {
            long bytes = Files.size(target);
            if (bytes <= MOST_BYTES) return new Companion(file, target, bytes);
            throw new ModelFormatException(file.toString(), "", "expected at most " + MOST_BYTES + " bytes, found " + bytes);
        } catch (IOException e) {
            throw ModelFormatException.unreadable(file, e);
        }
    }

    long bytes() {
        return files.stream().mapToLong(Companion::bytes).sum();
    }

    /** @throws ModelFormatException when a file has become shorter since it was found */
    void copyTo(Path folder) throws IOException {
        for (Companion companion : files) {
            Path copy = folder.resolve(companion.file.getFileName());
            try (FileChannel from = FileChannel.open(companion.target, StandardOpenOption.READ);
                    FileChannel to = FileChannel.open(copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                for (long at = 0; at < companion.bytes;) {
                    long count = from.transferTo(at, companion.bytes - at, to);
                    if (count == 0) throw new ModelFormatException(companion.file.toString(), "", "became shorter while it was copied");
                    at += count;
                }
            }
        }
    }
}
