package dev.mme5.engine.quantize;

import dev.mme5.engine.family.ModelFiles;
import dev.mme5.json.Json;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.file.ModelFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The files beside the weights that the new folder takes over from its source, as far as they exist. None leads out of the folder. */
record AuxiliaryFiles(List<AuxiliaryFiles.Entry> files) {
    /** The limit of a model's JSON files too. */
    private static final long MAX_BYTES = 100_000_000;

    private static final String GOLDENS = "goldens.jsonl";

    /**
     * One file.
     *
     * @param name relative to the folder
     * @param file as the user would find it
     * @param target the same without links
     */
    record Entry(String name, Path file, Path target, long bytes) {}

    /**
     * @param sameVectors whether the new folder has the vectors of its source, and so its golden embeddings
     * @throws ModelFormatException when one is no regular file of the folder, cannot be read or is too large to belong to a model
     */
    static AuxiliaryFiles of(Path source, ModelFiles model, boolean sameVectors) {
        ModelFolder folder = ModelFolder.of(source);
        Set<String> names = new LinkedHashSet<>(model.inherited());
        if (sameVectors && folder.lists(GOLDENS)) names.addAll(goldens(folder));
        List<Entry> files = new ArrayList<>();
        for (String name : names) {
            if (folder.lists(name)) files.add(entry(folder, name, source.resolve(name)));
        }
        return new AuxiliaryFiles(List.copyOf(files));
    }

    /** The file of golden embeddings and the images that it names, as far as they are in the folder. */
    private static List<String> goldens(ModelFolder folder) {
        Path file = folder.path().resolve(GOLDENS);
        List<String> names = new ArrayList<>(List.of(GOLDENS));
        try (BufferedReader lines = Files.newBufferedReader(entry(folder, GOLDENS, file).target())) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isBlank()) continue;
                JsonObject golden = JsonReader.parseObject(line.getBytes(StandardCharsets.UTF_8), file.toString());
                if (!golden.has("images")) continue;
                for (String image : golden.array("images").texts()) {
                    Path name = Path.of(image).normalize();
                    if (name.isAbsolute() || name.startsWith("..")) {
                        throw golden.error("images", "expected files in the model folder, found " + new Json.Text(image));
                    }
                    names.add(name.toString());
                }
            }
        } catch (InvalidPathException | IOException e) {
            throw new ModelFormatException(file.toString(), "", "cannot be read: " + e.getMessage(), e);
        }
        return names;
    }

    private static Entry entry(ModelFolder folder, String name, Path file) {
        Path target = folder.checked(file);
        try {
            long bytes = Files.size(target);
            if (bytes <= MAX_BYTES) return new Entry(name, file, target, bytes);
            throw new ModelFormatException(file.toString(), "", "expected at most " + MAX_BYTES + " bytes, found " + bytes);
        } catch (IOException e) {
            throw ModelFormatException.unreadable(file, e);
        }
    }

    long bytes() {
        return files.stream().mapToLong(Entry::bytes).sum();
    }

    /** @throws ModelFormatException when a file has become shorter since it was found */
    void copyTo(Path folder) throws IOException {
        for (Entry entry : files) {
            Path copy = folder.resolve(entry.name);
            Files.createDirectories(copy.getParent());
            try (FileChannel from = FileChannel.open(entry.target, StandardOpenOption.READ);
                    FileChannel to = FileChannel.open(copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                for (long offset = 0; offset < entry.bytes;) {
                    long count = from.transferTo(offset, entry.bytes - offset, to);
                    if (count == 0) throw new ModelFormatException(entry.file.toString(), "", "became shorter while it was copied");
                    offset += count;
                }
            }
        }
    }
}
