package dev.mme5.engine.image.jpeg;

import dev.mme5.engine.image.raster.Orientation;
import java.util.List;

/**
 * What the markers of a JPEG say about its pixels.
 *
 * @param width pixels in a row
 * @param height rows
 * @param components the channels, one, three or four
 * @param colours what the channels are
 * @param orientation by the Exif block
 * @param stream the JPEG without application data and comments, from SOI to EOI
 */
record JpegFrame(
        int width, int height, List<Component> components, Colours colours, Orientation orientation, byte[] stream) {
    /**
     * A channel.
     *
     * @param id what scans call it
     * @param across horizontal sampling factor
     * @param down vertical sampling factor
     */
    record Component(int id, int across, int down) {}

    /**
     * Bytes of heap that decoding takes at most, those of the file included: it, its stream, and what ImageIO reads of that are held
     * at a time; the samples become RGB in place if they have three channels; a picture is turned into another one.
     */
    long decodingBytes(int fileBytes) {
        int channels = components.size();
        int pixelBytes = (channels == 3 ? 3 : channels + 3) + (orientation.equals(Orientation.UPRIGHT) ? 0 : 3);
        return 4L * fileBytes + (long) pixelBytes * width * height;
    }

    /** What the channels of a pixel are. */
    enum Colours {
        GREY,
        RGB,
        YCC,
        CMYK,
        YCCK
    }
}
