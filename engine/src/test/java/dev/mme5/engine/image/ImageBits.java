package dev.mme5.engine.image;

import dev.mme5.engine.image.jpeg.JpegPillowCasesTest;
import dev.mme5.engine.image.raster.ImageException;
import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.engine.image.webp.WebpCases;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes the test images of all formats on any Java, without a test framework, and compares their pixels with those of Pillow.
 */
public final class ImageBits {
    private final List<String> different = new ArrayList<>();
    private int same;

    private ImageBits() {}

    public static void main(String[] args) throws IOException {
        ImageBits bits = new ImageBits();
        OddImagesTest.images().forEach(c -> bits.compare(c.name(), c.stored(), c.file()));
        PillowCases.all().forEach(c -> bits.compare(c.name(), c.width() + " " + c.height() + " " + c.rgbSha256(), c.file()));
        ImageCasesTest.cases().forEach(c -> bits.compare(c.name(), c.verdict(), c.file()));
        JpegPillowCasesTest.cases().forEach(c -> bits.compare(c.name(), c.verdict(), c.file()));
        WebpCases.all().forEach(c -> bits.compare(c.name(), c.expected(), c.file()));
        System.out.println("images: " + bits.same + " as in the table");
        for (String name : bits.different) System.out.println(name + " is not what the table has");
    }

    private void compare(String name, String expected, byte[] file) {
        String found;
        try {
            RgbImage image = Golden.decoder().decode(file, name);
            found = image.width() + " " + image.height() + " " + Golden.sha256(image.rgb());
        } catch (ImageException e) {
            found = "refused";
        }
        if (found.equals(expected)) {
            same++;
        } else {
            different.add(name);
        }
    }
}
