package dev.mme5.engine.image.webp.vp8l;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.webp.vp8l.Vp8lTransform.ColorIndexing;
import dev.mme5.engine.image.webp.vp8l.Vp8lTransform.CrossColor;
import dev.mme5.engine.image.webp.vp8l.Vp8lTransform.Predictor;
import dev.mme5.engine.image.webp.vp8l.Vp8lTransform.SubtractGreen;
import java.util.ArrayList;
import java.util.List;

/**
 * The lossless image of WebP (RFC 9649 section 3), and the plane of alpha that is compressed like one. Start reading here: the
 * transforms, the image that is left after them, then the transforms undone, last one first.
 */
public final class Vp8lDecoder {
    private static final int MIN_TILE_BITS = 2;

    /** Room for prefix codes and what is smaller still; an image that needs more asks for it. */
    static final int CODE_BYTES = 512 << 10;

    private final ImageBytes file;
    private final Vp8lBitReader in;
    private final int width;
    private final int height;
    private final long heapBytes;
    private final List<Vp8lTransform> transforms = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();
    private int kindsSeen;

    /**
     * A decoder of a stream without header.
     *
     * @param from byte of the file where the stream starts
     * @param end the byte after it
     * @param heapBytes what the caller has asked for already, the pixels and {@link #heapBytes} included
     */
    public Vp8lDecoder(ImageBytes file, int from, int end, int width, int height, long heapBytes) {
        this.file = file;
        this.in = new Vp8lBitReader(file.bytes(), from, end);
        this.width = width;
        this.height = height;
        this.heapBytes = heapBytes;
    }

    /** A decoder of an image with its header. */
    public static Vp8lDecoder ofImage(ImageBytes file, int from, int end, long heapBytes) {
        Vp8lHeader header = Vp8lHeader.read(file, from, end);
        Vp8lDecoder decoder = new Vp8lDecoder(file, from, end, header.width(), header.height(), heapBytes);
        decoder.in.read(8);
        decoder.in.read(16);
        decoder.in.read(16);
        return decoder;
    }

    /** Bytes that decoding an image of this size takes, its pixels included, prefix codes beyond the first few not. */
    public static long heapBytes(long width, long height) {
        long smallestTiles = Math.ceilDiv(width, 1 << MIN_TILE_BITS) * Math.ceilDiv(height, 1 << MIN_TILE_BITS);
        return 4 * (width * height + 3 * smallestTiles) + CODE_BYTES;
    }

    /** Decodes the stream; pixels are [height, width], 0xAARRGGBB. */
    public int[] decode() {
        int transformedWidth = width;
        while (in.flag()) transformedWidth = readTransform(transformedWidth);
        int[] argb = new int[width * height];
        Vp8lImageReader image = new Vp8lImageReader(file, in, transformedWidth, height, heapBytes);
        image.readRegions();
        image.decode(argb, argb.length - transformedWidth * height);
        for (int i = transforms.size() - 1; i >= 0; i--) transforms.get(i).undo(argb, widths.get(i), height);
        return argb;
    }

    /** Reads a transform of an image; returns the width of the transformed one. */
    private int readTransform(int transformWidth) {
        int kind = in.read(2);
        if ((kindsSeen & 1 << kind) != 0) throw file.damaged("a transform of its lossless stream is there twice");
        kindsSeen |= 1 << kind;
        int newWidth = transformWidth;
        Vp8lTransform transform;
        switch (kind) {
            case 0 -> {
                int bits = MIN_TILE_BITS + in.read(3);
                transform = new Predictor(readTiles(transformWidth, bits), bits);
            }
            case 1 -> {
                int bits = MIN_TILE_BITS + in.read(3);
                transform = new CrossColor(readTiles(transformWidth, bits), bits);
            }
            case 2 -> transform = new SubtractGreen();
            default -> {
                int[] colors = readColors();
                int bits = colors.length > 16 ? 0 : colors.length > 4 ? 1 : colors.length > 2 ? 2 : 3;
                transform = new ColorIndexing(colors, bits, transformWidth);
                newWidth = Vp8lTransform.tiles(transformWidth, bits);
            }
        }
        transforms.add(transform);
        widths.add(newWidth);
        return newWidth;
    }

    private int[] readTiles(int transformWidth, int bits) {
        return readSmallImage(Vp8lTransform.tiles(transformWidth, bits), Vp8lTransform.tiles(height, bits));
    }

    /** Each colour is stored as its difference from the one before. */
    private int[] readColors() {
        int[] colors = readSmallImage(1 + in.read(8), 1);
        for (int i = 1; i < colors.length; i++) colors[i] = Vp8lPredictor.add(colors[i], colors[i - 1]);
        return colors;
    }

    private int[] readSmallImage(int imageWidth, int imageHeight) {
        int[] argb = new int[imageWidth * imageHeight];
        Vp8lImageReader image = new Vp8lImageReader(file, in, imageWidth, imageHeight, heapBytes);
        image.readSingleRegion();
        image.decode(argb, 0);
        return argb;
    }
}
