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
        "gimp xcf is a format", "icns is one too", "FLIF as well", "farbfeld", "SDPX and XPDS", "XPDS and SDPX", "SIMPLE = easy",
        "#define width 3\n#define height 4\n", "\1\u00da is SGI", "FORM 1040", "PK\3\4 a zip file", "#? what", "/* XMP */",
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
    void rareFormatsHaveNames() {
        String blanks = "\0".repeat(128);
        assertThat(type("gimp xcf v011", "xcf")).isEqualTo("XCF no");
        assertThat(type("icns\0\1\2\3", "icns")).isEqualTo("ICNS no");
        assertThat(type("#?RADIANCE\n", "hdr")).isEqualTo("HDR no");
        assertThat(type("\1\0\0\0" + blanks.substring(0, 36) + " EMF", "emf")).isEqualTo("EMF no");
        assertThat(type("\u00d7\u00cd\u00c6\u009a\0\0", "wmf")).isEqualTo("WMF no");
        assertThat(type("II\u00bc\1", "jxr")).isEqualTo("JPEG XR no");
        assertThat(type("FLIF41", "flif")).isEqualTo("FLIF no");
        assertThat(type("\1\u00da\1\1\0\3\0\5\0\5\0\3", "sgi")).isEqualTo("SGI no");
        assertThat(type(blanks + "DICM", "dcm")).isEqualTo("DICOM no");
        assertThat(type("SIMPLE  =                    T", "fits")).isEqualTo("FITS no");
        assertThat(type("/* XPM */\nstatic char", "xpm")).isEqualTo("XPM no");
        assertThat(type("#define a_width 16\n#define a_height 16\nstatic", "xbm")).isEqualTo("XBM no");
        assertThat(type("\0\0\0\fjP  \r\n\u0087\n", "jp2")).isEqualTo("JPEG 2000 no");
        assertThat(type("\0\0\0\fJXL \r\n\u0087\n", "")).isEqualTo("JPEG XL no");
        assertThat(type("DanM\1\0\1\0", "msp")).isEqualTo("MSP no");
        assertThat(type("BLP2\1\0\0\0", "blp")).isEqualTo("BLP no");
        assertThat(type("Image type: Greyscale image\r\n", "im")).isEqualTo("IM no");
        assertThat(type("\u00b1\u0068\u00de\u003a\0\0", "dcx")).isEqualTo("DCX no");
        assertThat(type("\0\0\0\34\0\0\0\2\0\0\0\5\0\0\0\5\0\0\0\1GIMP", "gbr")).isEqualTo("GBR no");
        assertThat(type("\4\3\1\0\u0011\u00af\2\0\100\1\310\0\b\0\0\0", "fli")).isEqualTo("FLI no");
        assertThat(type("8BPS\0\1", "psd")).isEqualTo("PSD no");
        assertThat(type("DDS |", "dds")).isEqualTo("DDS no");
        assertThat(type("PK\3\4" + blanks.substring(0, 26) + "mimetypeimage/openraster", "ora")).isEqualTo("OpenRaster no");
        assertThat(type("\0\0\0\34ftypmif1\0\0\0\0mif1avif", "")).isEqualTo("AVIF no");
        assertThat(type("\0\0\0\34ftypmif1\0\0\0\0mif1heic", "")).isEqualTo("HEIC no");
    }

    /** The bytes between length and offset should be 0, and are not in files of some programs. */
    @Test
    void bitmapIsRecognisedWhateverItsReservedBytesAre() {
        String head = "BM\100\0\0\0abcd\66\0\0\0\50\0\0\0\1\0\0\0\1\0\0\0\1\0\30\0";
        assertThat(type(head, "")).isEqualTo("BMP yes");
        assertThat(type(head.replace("\50\0\0\0\1", "\51\0\0\0\1"), "")).isEmpty();
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
