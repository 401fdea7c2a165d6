package dev.mme5.engine.quantize;

import dev.mme5.engine.family.ModelFiles;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.file.ModelFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The files beside the weights that the new folder takes over from its source, as far as they exist. None leads out of the folder. */
record AuxiliaryFiles(List<AuxiliaryFiles.Entry> files) {
    /** The limit of a model's JSON files too. */
    private static final long MAX_BYTES = 100_000_000;

    /**
     * One file.
     *
     * @param name relative to the folder
     * @param file as the user would find it
     * @param target the same without links
     */
    record Entry(String name, Path file, Path target, long bytes) {}

    /** @throws ModelFormatException when one is no regular file of the folder, cannot be read or is too large to belong to a model */
    static AuxiliaryFiles of(Path source, ModelFiles model) {
        ModelFolder folder = ModelFolder.of(source);
        List<Entry> files = new ArrayList<>();
        for (String name : model.inherited()) {
            if (folder.lists(name)) files.add(entry(folder, name, source.resolve(name)));
        }
        return new AuxiliaryFiles(List.copyOf(files));
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
