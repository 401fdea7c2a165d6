package dev.mme5.engine.image;

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

    /** What the channels of a pixel are. */
    enum Colours {
        GREY,
        RGB,
        YCC,
        CMYK,
        YCCK
    }
}
