package dev.mme5.weights.file;

import dev.mme5.json.ModelFormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the SHA-256 that was recorded for a file of a model folder when it was made or downloaded. The places, in this order: its
 * line in {@code SHA256SUMS} next to it, as {@code sha256sum} writes it; the name of the blob that it links to in a Hugging Face
 * cache; the etag that {@code hf download --local-dir} keeps in {@code .cache/huggingface/download/NAME.metadata}.
 */
final class RecordedDigests {
    static final String MANIFEST = "SHA256SUMS";

    private static final Pattern LINE = Pattern.compile("([0-9a-fA-F]{64}) [ *](.+)");

    /** Maximum size of a manifest; those of model folders are far smaller. */
    private static final long MAX_BYTES = 1 << 20;

    /** As many as Linux follows. */
    private static final int MAX_LINKS = 40;

    /**
     * A digest and where it was found.
     *
     * @param hex 64 lower-case hexadecimal digits
     * @param source for messages
     */
    record Digest(String hex, String source) {}

    private RecordedDigests() {}

    /**
     * @param file the file as the user would find it
     * @param target the file without symbolic links
     * @throws ModelFormatException if nothing is recorded for it
     */
    static Digest of(Path file, Path target) {
        String name = file.getFileName().toString();
        ModelFolder folder = ModelFolder.of(file.toAbsolutePath().getParent());
        for (String line : lines(folder, MANIFEST)) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches() && matcher.group(2).equals(name)) {
                return new Digest(matcher.group(1).toLowerCase(Locale.ROOT), MANIFEST);
            }
        }
        String blob = blobName(file, target);
        if (!blob.equals(name) && Sha256.isHex(blob)) return new Digest(blob, "the blob's name");

        List<String> metadata = lines(folder, ".cache/huggingface/download/" + name + ".metadata");
        if (metadata.size() > 1 && Sha256.isHex(metadata.get(1))) return new Digest(metadata.get(1), "the download's etag");
        throw new ModelFormatException(file.toString(), "", "expected a recorded SHA-256 (a line of " + MANIFEST
                + " beside it, or what a Hugging Face download keeps), found none");
    }

    /**
     * The name of the first blob on the way from a file to its target, since a repository's blob may be a link to a store whose names
     * are digests of another kind. Without a blob, the target's name.
     */
    private static String blobName(Path file, Path target) {
        Path link = file.toAbsolutePath();
        try {
            for (int i = 0; i < MAX_LINKS && Files.isSymbolicLink(link); i++) {
                link = link.resolveSibling(Files.readSymbolicLink(link));
                Path folder = link.getParent().getFileName();
                if (folder != null && folder.toString().equals("blobs")) return link.getFileName().toString();
            }
        } catch (IOException e) {
            throw ModelFormatException.unreadable(file, e);
        }
        return target.getFileName().toString();
    }

    /** The lines of a file in the folder; none if there is no such file. */
    private static List<String> lines(ModelFolder folder, String name) {
        if (!folder.lists(name)) return List.of();
        Path file = folder.path().resolve(name);
        Path target = folder.checked(file);
        try {
            if (Files.size(target) > MAX_BYTES) throw new IOException("it has more than " + MAX_BYTES + " bytes");
            return new String(Files.readAllBytes(target), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw ModelFormatException.unreadable(file, e);
        }
    }
}
