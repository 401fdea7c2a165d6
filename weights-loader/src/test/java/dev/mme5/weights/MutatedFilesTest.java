package dev.mme5.weights;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.json.JsonArray;
import dev.mme5.json.JsonObject;
import dev.mme5.json.JsonReader;
import dev.mme5.json.ModelFormatException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Randomly damaged files, compared with what the safetensors library reads or refuses. {@code docs/reference/make_mutated_files.py}
 * makes more of them; the system property {@code mme5.mutated} names such a file.
 */
class MutatedFilesTest {
    private static final String SEPARATE = System.getProperty("mme5.mutated", "");

    @Test
    void nothingIsAcceptedThatTheLibraryRefusesAndAllElseReadsTheSame() throws IOException {
        int files = 0;
        int accepted = 0;
        int stricter = 0;
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(open()))) {
            for (byte[] file = next(in); file != null; file = next(in), files++) {
                byte[] verdict = next(in);
                SafetensorsHeader header = parse(file);
                if (header == null) {
                    if (verdict.length > 0) stricter++;
                    continue;
                }
                accepted++;
                assertThat(verdict).as("accepted, and the library refuses it: %s", new String(file, UTF_8)).isNotEmpty();
                assertSame(file, header, JsonReader.parseObject(verdict, "verdict"));
            }
        }

        assertThat(accepted).isBetween(files / 20, files / 2);
        assertThat(stricter).isLessThan(files / 20);
        if (!SEPARATE.isEmpty()) System.out.printf("%d files, %d accepted by both, %d by the library alone%n", files, accepted, stricter);
    }

    private static void assertSame(byte[] file, SafetensorsHeader header, JsonObject library) {
        assertThat(header.tensors()).extracting(SafetensorsHeader.Entry::name).containsExactlyInAnyOrderElementsOf(library.keys());
        for (SafetensorsHeader.Entry tensor : header.tensors()) {
            JsonObject expected = library.object(tensor.name());
            assertThat(tensor.dtype().name()).isEqualTo(expected.text("dtype"));
            assertThat(tensor.shape()).isEqualTo(shape(expected.array("shape")));
            byte[] data = Arrays.copyOfRange(file, (int) tensor.begin(), (int) tensor.end());
            assertThat(HexFormat.of().formatHex(data)).isEqualTo(expected.text("data"));
        }
    }

    private static Shape shape(JsonArray dims) {
        return new Shape(IntStream.range(0, dims.size()).mapToLong(dims::longInteger).toArray());
    }

    /** Null if the file is refused. */
    private static SafetensorsHeader parse(byte[] file) {
        try {
            return SafetensorsHeader.parse(file, file.length, "x");
        } catch (ModelFormatException e) {
            return null;
        }
    }

    private static InputStream open() throws IOException {
        if (!SEPARATE.isEmpty()) return Files.newInputStream(Path.of(SEPARATE));
        return MutatedFilesTest.class.getResourceAsStream("/mutated-files.bin");
    }

    /** Reads a count and that many bytes; null at the end. */
    private static byte[] next(DataInputStream in) throws IOException {
        byte[] length = in.readNBytes(Integer.BYTES);
        if (length.length == 0) return null;
        return in.readNBytes(length[0] & 0xFF | (length[1] & 0xFF) << 8 | (length[2] & 0xFF) << 16 | length[3] << 24);
    }
}
