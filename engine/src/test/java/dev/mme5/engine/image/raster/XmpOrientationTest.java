package dev.mme5.engine.image.raster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class XmpOrientationTest {
    private static Orientation read(String xmp) {
        return XmpOrientation.of(xmp.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            <rdf:Description tiff:Orientation="6"/>                         | 6
            <tiff:Orientation>8</tiff:Orientation>                          | 8
            tiff:Orientation is 5 <tiff:Orientation>x tiff:Orientation="3"  | 3
            tiff:Orientation="2" tiff:Orientation="6"                       | 2
            tiff:Orientation="9"                                            | 1
            """)
    void readsTheFirstMatch(String xmp, int tag) {
        assertEquals(Orientation.of(tag), read(xmp));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tiff:Orientation", "tiff:Orientation=", "tiff:Orientation=\"", "tiff:Orientation=\"x\"",
        "tiff:Orientation='6'", "exif:Orientation=\"6\"", "tiff:Orientation >6"})
    void findsNothingElse(String xmp) {
        assertNull(read(xmp));
    }

    @Test
    void exifCountsBeforeXmp() {
        assertEquals(Orientation.of(6), Orientation.firstOf(Orientation.of(6), Orientation.of(3)));
        assertEquals(Orientation.of(3), Orientation.firstOf(null, Orientation.of(3)));
        assertEquals(Orientation.UPRIGHT, Orientation.firstOf(null, null));
    }
}
