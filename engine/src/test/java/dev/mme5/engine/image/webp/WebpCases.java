package dev.mme5.engine.image.webp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** WebP files and what Pillow 12 makes of them, from {@code webp/cases.txt.gz}; {@code make_webp.py} beside it made both. */
public final class WebpCases {
    /**
     * A file.
     *
     * @param expected "WIDTH HEIGHT SHA256" of the pixels [height, width, 3], or "refused"
     */
    public record Case(String name, String expected, byte[] file) {
        boolean refused() {
            return expected.equals("refused");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Case> ALL = read();

    private WebpCases() {}

    public static Stream<Case> all() {
        return ALL.stream();
    }

    static Stream<Case> accepted() {
        return all().filter(c -> !c.refused());
    }

    private static List<Case> read() {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(WebpCases.class.getResourceAsStream("/webp/cases.txt.gz")), StandardCharsets.US_ASCII))) {
            return in.lines().map(line -> line.split("\t")).map(c -> new Case(c[0], c[1], Base64.getDecoder().decode(c[2]))).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
