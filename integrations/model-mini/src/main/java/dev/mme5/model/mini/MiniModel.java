package dev.mme5.model.mini;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The default model, in this jar: 8.6 million parameters, 192 dimensions, texts and images. It knows emoji and their names in some
 * 130 languages and nothing else, so it shows that a program works, not how good mmE5 is.
 */
public final class MiniModel {
    /** The system property that names another folder to unpack into. */
    public static final String CACHE_PROPERTY = "mme5.cache";

    private static final String DIGESTS = "SHA256SUMS";
    private static volatile Path verified;

    private MiniModel() {}

    /**
     * The model's folder. It is unpacked into the user's cache folder when it is not there yet: {@code mme5} in {@code XDG_CACHE_HOME},
     * else in {@code .cache} of the user's home, or where {@link #CACHE_PROPERTY} says. The first call of a process compares the SHA-256 of
     * every file, some 50 ms, and replaces a damaged folder. Any number of threads and processes may call at once.
     *
     * @return a model folder for {@code EmbeddingModel.open}; its files must not be changed
     * @throws UncheckedIOException when it cannot be unpacked, with the folder in its message
     */
    public static Path folder() {
        Path folder = verified;
        if (folder != null && Files.isDirectory(folder)) return folder;
        folder = folder(cache());
        verified = folder;
        return folder;
    }

    /** As {@link #folder()}, with its cache folder named and every file compared. */
    static Path folder(Path cache) {
        byte[] digests = resource(DIGESTS);
        List<PackedFile> files = new String(digests, StandardCharsets.US_ASCII).lines().map(PackedFile::parse).toList();
        String version = PackedFile.sha256(digests).substring(0, 16);
        UnpackedFolder folder = new UnpackedFolder(cache.toAbsolutePath().resolve("model-" + version).resolve("mini"), files);
        try {
            if (!folder.isIntact()) {
                folder.unpack(temporary -> {
                    for (PackedFile file : files) file.writeTo(temporary);
                    Files.write(temporary.resolve(DIGESTS), digests);
                });
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder.path() + ": the mini model cannot be unpacked here; name another folder by -D"
                    + CACHE_PROPERTY + "=FOLDER: " + e, e);
        }
        return folder.path();
    }

    private static Path cache() {
        String explicit = System.getProperty(CACHE_PROPERTY);
        if (explicit != null) return Path.of(explicit);
        String xdg = System.getenv("XDG_CACHE_HOME");
        boolean isAbsolute = xdg != null && Path.of(xdg).isAbsolute();   // the specification ignores relative ones
        return (isAbsolute ? Path.of(xdg) : Path.of(System.getProperty("user.home"), ".cache")).resolve("mme5");
    }

    static byte[] resource(String name) {
        try (InputStream in = open(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static InputStream open(String name) throws IOException {
        InputStream in = MiniModel.class.getResourceAsStream(name);
        if (in == null) throw new IOException("the jar of the mini model lacks " + name);
        return in;
    }
}
