package dev.mme5.engine.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.mme5.engine.image.raster.HeapLimit;
import dev.mme5.engine.image.raster.ImageException;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BufferedImageConverterTest {
    private static byte[] convert(BufferedImage image) {
        return Golden.decoder().convert(image, "image", HeapLimit.UNLIMITED).rgb();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "shapes_1500x380.png", "rgba_61x40.png", "grey_40x40.png", "grey_alpha_33x45.png", "palette_50x31.png",
        "palette4_50x31.png", "palette_trns_48x48.png", "bilevel_37x29.png", "rgb16_35x28.png", "rgba16_28x35.png",
        "grey16_30x30.png", "adam7_rgba_7x5.png", "photo_420_97x131.jpg", "photo_grey_64x48.jpg"
    })
    void imagesReadByImageIoAreThoseOfTheFile(String name) throws IOException {
        BufferedImage image = ImageIO.read(Golden.file("images/" + name).toFile());

        assertArrayEquals(Golden.decoder().decode(Golden.file("images/" + name)).rgb(), convert(image));
    }

    @ParameterizedTest
    @ValueSource(ints = {
        BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_BGR, BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_4BYTE_ABGR
    })
    void everyLayoutOfRgbIsRead(int type) {
        BufferedImage image = new BufferedImage(2, 1, type);
        image.setRGB(0, 0, 0xff0a141e);
        image.setRGB(1, 0, 0xffff0180);

        assertArrayEquals(Pngs.bytes(10, 20, 30, 255, 1, 128), convert(image));
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_4BYTE_ABGR})
    void transparencyIsLaidOverWhite(int type) {
        BufferedImage image = new BufferedImage(2, 1, type);
        image.setRGB(0, 0, 0x800a141e);
        image.setRGB(1, 0, 0x000a141e);

        assertArrayEquals(Pngs.bytes(132, 137, 142, 255, 255, 255), convert(image));
    }

    @Test
    void greysAreNotTakenForLinearLight() {
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSample(0, 0, 0, 100);

        assertArrayEquals(Pngs.bytes(100, 100, 100), convert(image));
    }

    @Test
    void aPartOfAnImageIsThatPart() {
        BufferedImage whole = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
        whole.getRaster().setSample(2, 3, 0, 77);

        assertArrayEquals(Pngs.bytes(77, 77, 77), convert(whole.getSubimage(2, 3, 1, 1)));
    }

    @Test
    void palettesKeepTheirTransparency() {
        byte[] ramp = {0, 50, 100};
        IndexColorModel colours = new IndexColorModel(8, 3, ramp, ramp, ramp, 2);
        BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED, colours);
        image.getRaster().setSample(0, 0, 0, 1);
        image.getRaster().setSample(1, 0, 0, 2);

        assertArrayEquals(Pngs.bytes(50, 50, 50, 255, 255, 255), convert(image));
    }

    @Test
    void refusesMorePixelsThanTheLimit() {
        BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);

        ImageException e =
                assertThrows(ImageException.class, () -> new ImageDecoder(5, false).convert(image, "chart", HeapLimit.UNLIMITED));

        assertEquals("chart: is too large: 3 x 2 pixels, the limit is 5 pixels", e.getMessage());
    }
}
