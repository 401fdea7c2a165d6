package dev.mme5.engine.image.tiff;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.Orientation;
import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.engine.image.raster.XmpOrientation;
import dev.mme5.engine.image.tiff.compression.SegmentReader;
import dev.mme5.engine.image.tiff.compression.TiffCompression;
import java.util.Arrays;

/**
 * The first page of a TIFF or BigTIFF, in the kinds that Pillow opens; {@link TiffMode} and {@link TiffCompression} list them. Like
 * Pillow, it always applies the file's orientation.
 *
 * <p>Segments (strips or tiles) are decompressed row by row, so besides the image only a few rows are held, whatever sizes a file
 * claims.
 */
public final class TiffDecoder {
    private final ImageBytes file;
    private final TiffDirectory tags;
    private final TiffLayout layout;

    private TiffDecoder(ImageBytes file) {
        this.file = file;
        this.tags = TiffDirectory.read(file);
        this.layout = TiffLayout.read(file, tags);
    }

    /** Whether the file starts as a TIFF. The third and fourth forms are wrong, but occur. */
    public static boolean isTiff(ImageBytes file) {
        for (String start : new String[] {"II*\0", "MM\0*", "II\0*", "MM*\0", "II+\0", "MM\0+"}) if (file.hasText(0, start)) return true;
        return false;
    }

    public static RgbImage decode(ImageBytes file) {
        return new TiffDecoder(file).decode();
    }

    private RgbImage decode() {
        Orientation orientation = orientation();
        long rgbBytes = 3L * layout.width() * layout.height();
        long rows = (long) layout.rowBytes() * (2 * layout.planes() + 2) + (layout.compression().isFax() ? 8L * layout.segmentWidth() : 0);
        long workingBytes = orientation.bytes(rgbBytes) + rows;
        SegmentSource source = new SegmentSource(file, tags, layout, file.length() + rgbBytes + workingBytes);
        byte[] rgb = file.newPixels(rgbBytes, workingBytes);
        SegmentWriter writer = SegmentWriter.of(file, tags, layout);
        for (int down = 0; down < layout.segmentsDown(); down++) {
            for (int across = 0; across < layout.segmentsAcross(); across++) {
                int y = down * layout.segmentHeight();
                int x = across * layout.segmentWidth();
                int height = Math.min(layout.segmentHeight(), layout.height() - y);
                int width = Math.min(layout.segmentWidth(), layout.width() - x);
                SegmentReader[] planes = source.open(down * layout.segmentsAcross() + across, height);
                writer.write(planes, width, height, rgb, 3 * (y * layout.width() + x));
                for (SegmentReader plane : planes) plane.close();
            }
        }
        return orientation.apply(new RgbImage(layout.width(), layout.height(), rgb));
    }

    private Orientation orientation() {
        if (tags.has(TiffTags.ORIENTATION)) {
            return Orientation.of(Math.clamp(tags.value(TiffTags.ORIENTATION, 0), 0, 9));
        }
        if (!tags.hasReadable(TiffTags.XMP)) return Orientation.UPRIGHT;
        int offset = tags.offset(TiffTags.XMP);
        byte[] xmp = Arrays.copyOfRange(file.bytes(), offset, offset + tags.byteLength(TiffTags.XMP));
        return Orientation.firstOf(null, XmpOrientation.of(xmp));
    }
}
