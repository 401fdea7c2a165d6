package dev.mme5.engine.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images are found among files of any kind, and nothing else is taken for one. */
class ImageFileTypeTest {
    @Test
    void everyImageThatIsReadIsRecognisedByItsFirstBytes() throws IOException {
        List<Path> unrecognised = new ArrayList<>();
        int images = 0;
        try (Stream<Path> files = Files.walk(Path.of("src/test/resources"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                String extension = name.substring(name.lastIndexOf('.') + 1);
                byte[] bytes = Files.readAllBytes(file);
                if (!isRead(bytes)) continue;
                images++;
                byte[] head = Arrays.copyOf(bytes, Math.min(bytes.length, ImageFileType.HEAD_BYTES));
                if (ImageFileType.of(head, extension).filter(ImageFileType::supported).isEmpty()) unrecognised.add(file);
            }
        }

        assertThat(unrecognised).isEmpty();
        assertThat(images).isGreaterThan(100);
    }

    private static boolean isRead(byte[] bytes) {
        try {
            new ImageDecoder(ImageDecoder.DEFAULT_MAX_PIXELS, false).decode(bytes, "x");
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "B", "BM", "BMW makes cars, and this is a text about them", "P5", "P5 is a grey map", "P6\nfour words of text", "PF\n",
        "<html><body><svg width='1'></svg>", "\0\0\1\0", "\0\0\1\0\1\0\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1", "\0\0\0\030ftypisom\0\0",
        "\u00ff\n\0\0", "\u00ff\u00d8 text", "{\"a\": 1}", "\n\5\1\u00ff\0\0", "8BPS rocks"
    })
    void otherFilesAreNone(String head) {
        assertThat(type(head, "dat")).isEmpty();
    }

    @Test
    void formatsThatAreNotReadHaveNames() {
        assertThat(type("\0\0\0\030ftypheic\0\0\0\0", "jpg")).isEqualTo("HEIC no");
        assertThat(type("\0\0\0\030ftypavif\0\0\0\0", "")).isEqualTo("AVIF no");
        assertThat(type("\n<?xml version=\"1.0\"?>\n<!-- x -->\n<svg>", "svg")).isEqualTo("SVG no");
        assertThat(type("%PDF-1.7", "pdf")).isEqualTo("PDF no");
        assertThat(type("II*\0\10\0\0\0", "NEF")).isEqualTo("camera raw no");
        assertThat(type("II*\0\10\0\0\0", "tif")).isEqualTo("TIFF yes");
        assertThat(type("FUJIFILMCCD-RAW ", "raf")).isEqualTo("camera raw no");
    }

    @Test
    void targaIsRecognisedByItsExtensionOnly() {
        String head = "\0\0\2\0\0\0\0\0\0\0\0\0\1\0\1\0\030\0\1\2\3";

        assertThat(type(head, "TGA")).isEqualTo("TGA yes");
        assertThat(type(head, "")).isEmpty();
    }

    private static String type(String head, String extension) {
        return ImageFileType.of(head.getBytes(StandardCharsets.ISO_8859_1), extension)
                .map(type -> type.title() + (type.supported() ? " yes" : " no"))
                .orElse("");
    }
}
