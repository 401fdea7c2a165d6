package dev.mme5.server;

import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import dev.mme5.json.SafeText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The name by which clients know the model. A folder in the hub's cache is called by its commit, that of a package {@code model}: then the
 * name comes from elsewhere.
 */
final class ModelName {
    private static final String CACHED = "models--";
    private static final String SNAPSHOTS = "snapshots";
    private static final String PACKAGED = "model";

    /** Written by {@code mme5 package}. */
    private static final String PACKAGED_NAME = "model.name";

    private ModelName() {}

    static String of(Path modelFolder) {
        Path folder = modelFolder.toAbsolutePath().normalize();
        Path parent = folder.getParent();
        if (parent == null) return PACKAGED;
        String name = folder.getFileName().toString();
        if (parent.endsWith(SNAPSHOTS) && parent.getParent() != null && parent.getParent().getFileName() != null) {
            String cached = parent.getParent().getFileName().toString();
            if (cached.startsWith(CACHED)) return cached.substring(cached.lastIndexOf("--") + 2);
        }
        if (!name.equals(PACKAGED)) return name;
        String written = firstLine(parent.resolve(PACKAGED_NAME));
        return written.isEmpty() ? fromConfig(folder) : written;
    }

    private static String firstLine(Path file) {
        try {
            return Files.isRegularFile(file) ? SafeText.line(Files.readString(file).lines().findFirst().orElse("").strip()) : "";
        } catch (IOException e) {
            return "";
        }
    }

    /** The last part of what it was loaded from: the whole may be a path of another machine. */
    private static String fromConfig(Path folder) {
        try {
            String from = JsonReader.readObject(folder.resolve("config.json")).text("_name_or_path", "");
            String last = from.substring(from.lastIndexOf('/') + 1);
            return last.isBlank() ? PACKAGED : SafeText.line(last);
        } catch (ModelFormatException e) {
            return PACKAGED; // opening the model says what is wrong
        }
    }
}
