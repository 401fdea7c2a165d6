package dev.mme5.weights;

import dev.mme5.json.ModelFolder;
import dev.mme5.json.ModelFormatException;
import dev.mme5.json.RegularFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the SHA-256 that was recorded for a file of a model folder when it was made or downloaded. In this order: the line of
 * {@code SHA256SUMS} beside it, as {@code sha256sum} writes it; the name of the blob that it links to in a Hugging Face cache;
 * the etag that {@code hf download --local-dir} keeps in {@code .cache/huggingface/download/NAME.metadata}.
 */
final class RecordedDigests {
    static final String MANIFEST = "SHA256SUMS";

    private static final Pattern LINE = Pattern.compile("([0-9a-fA-F]{64}) [ *](.+)");
    private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{64}");

    /** Larger than any manifest of a model folder. */
    private static final long MOST_BYTES = 1 << 20;

    /**
     * A sum and who says so.
     *
     * @param digits 64, lower case
     */
    record Sum(String digits, String source) {}

    private RecordedDigests() {}

    /**
     * @param file as the user would find it
     * @param target the same without links
     * @throws ModelFormatException when nothing is recorded for it
     */
    static Sum of(Path file, Path target) {
        String name = file.getFileName().toString();
        ModelFolder folder = ModelFolder.of(file.toAbsolutePath().getParent());
        for (String line : lines(folder, MANIFEST)) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches() && matcher.group(2).equals(name)) {
                return new Sum(matcher.group(1).toLowerCase(Locale.ROOT), MANIFEST);
            }
        }
        String blob = target.getFileName().toString();
        if (!blob.equals(name) && DIGITS.matcher(blob).matches()) return new Sum(blob, "the blob's name");

        List<String> metadata = lines(folder, ".cache/huggingface/download/" + name + ".metadata");
        if (metadata.size() > 1 && DIGITS.matcher(metadata.get(1)).matches()) return new Sum(metadata.get(1), "the download's etag");
        throw new ModelFormatException(file.toString(), "", "expected a recorded SHA-256 (a line of " + MANIFEST
                + " beside it, or what a Hugging Face download keeps), found none");
    }

    /** Of a file that lies in the folder; none when there is no such file. */
    private static List<String> lines(ModelFolder folder, String name) {
        if (!folder.lists(name)) return List.of();
        Path file = folder.path().resolve(name);
        Path target = folder.checked(file);
        try {
            if (Files.size(target) > MOST_BYTES) throw new IOException("it has more than " + MOST_BYTES + " bytes");
            return new String(Files.readAllBytes(target), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw RegularFile.unreadable(file, e);
        }
    }
}
