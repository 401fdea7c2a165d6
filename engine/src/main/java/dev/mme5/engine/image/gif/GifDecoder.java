package dev.mme5.engine.image.gif;

import dev.mme5.engine.image.raster.ImageBytes;
import dev.mme5.engine.image.raster.Palette;
import dev.mme5.engine.image.raster.RgbImage;
import dev.mme5.engine.image.raster.WhiteBackground;

/**
 * The first frame of a GIF, on its screen, as Pillow shows it: where the frame does not cover the screen, the screen is transparent
 * (white), or has colour 0 if the frame has no transparent colour. Nothing after the first frame is read.
 *
 * <p>A frame whose codes give all its pixels is read, even if the file ends there. Bytes between blocks are skipped.
 */
public final class GifDecoder {
    private static final int EXTENSION = '!';
    private static final int IMAGE = ',';
    private static final int TRAILER = ';';
    private static final int GRAPHIC_CONTROL = 0xf9;
    private static final int NONE = -1;

    private final ImageBytes file;
    private int position;
    private Palette palette;
    private int transparent = NONE;

    public GifDecoder(ImageBytes file) {
        this.file = file;
    }

    public RgbImage decode() {
        if (!file.hasText(0, "GIF87a") && !file.hasText(0, "GIF89a")) throw file.damaged("the GIF signature is not whole");
        int screenWidth = file.u16LittleEndian(6);
        int screenHeight = file.u16LittleEndian(8);
        int flags = file.u8(10);
        position = 13;
        palette = (flags & 0x80) != 0 ? readPalette(flags) : Palette.grays(file, 256);
        if (palette.isGraysInOrder()) palette = Palette.grays(file, 256);
        skipToImage();

        int left = file.u16LittleEndian(position);
        int top = file.u16LittleEndian(position + 2);
        int frameWidth = file.u16LittleEndian(position + 4);
        int frameHeight = file.u16LittleEndian(position + 6);
        int frameFlags = file.u8(position + 8);
        position += 9;
        if (frameWidth == 0 || frameHeight == 0) throw file.damaged("a frame of %d x %d pixels".formatted(frameWidth, frameHeight));
        int width = Math.max(screenWidth, left + frameWidth);
        int height = Math.max(screenHeight, top + frameHeight);
        file.requireSize(width, height);
        byte[] rgb = file.newPixels(3L * width * height, file.length() + (long) frameWidth * frameHeight); // blocks, indices
        if ((frameFlags & 0x80) != 0) {
            Palette own = readPalette(frameFlags);
            // Greys in order are no table to Pillow: the screen's remains, with black for what it lacks.
            palette = own.isGraysInOrder() ? palette.withSize(own.size()) : own;
        }
        if (transparent != NONE && transparent < palette.size()) palette.setAlpha(transparent, 0);

        int codeBits = file.u8(position++);
        if (codeBits < 1 || codeBits > 8) throw file.damaged("codes of %d bits".formatted(codeBits));
        byte[] indices = new GifLzwReader(file, readBlocks(), codeBits).expand(frameWidth * frameHeight);

        fill(rgb);
        boolean interlaced = (frameFlags & 0x40) != 0;
        for (int row = 0; row < frameHeight; row++) {
            int y = top + (interlaced ? interlacedRow(row, frameHeight) : row);
            for (int x = 0; x < frameWidth; x++) {
                int index = indices[row * frameWidth + x] & 0xff;
                int pixel = 3 * (y * width + left + x);
                if (index == transparent) {
                    WhiteBackground.put(0, 0, 0, 0, rgb, pixel);
                } else {
                    palette.copy(index, rgb, pixel);
                }
            }
        }
        return new RgbImage(width, height, rgb);
    }

    private Palette readPalette(int flags) {
        Palette colors = new Palette(file, 2 << (flags & 7));
        for (int i = 0; i < colors.size(); i++, position += 3)
            colors.set(i, file.u8(position), file.u8(position + 1), file.u8(position + 2), 255);
        return colors;
    }

    private void skipToImage() {
        while (true) {
            int introducer = file.u8(position++);
            switch (introducer) {
                case IMAGE -> {
                    return;
                }
                case EXTENSION -> {
                    boolean graphicControl = file.u8(position) == GRAPHIC_CONTROL && file.u8(position + 1) >= 4;
                    if (graphicControl && (file.u8(position + 2) & 1) != 0) transparent = file.u8(position + 5);
                    position++;
                    skipBlocks();
                }
                case TRAILER -> throw file.damaged("it has no image");
                default -> {} // skipped, as Pillow does
            }
        }
    }

    /** The bytes of a chain of blocks, up to the empty one that ends it, or up to the end of the file. */
    private byte[] readBlocks() {
        int start = position;
        byte[] data = new byte[skipBlocks()];
        position = start;
        for (int filled = 0; filled < data.length;) {
            int length = nextBlock();
            System.arraycopy(file.bytes(), position, data, filled, length);
            filled += length;
            position += length;
        }
        skipBlocks();
        return data;
    }

    /** Skips a chain of blocks; its number of bytes. */
    private int skipBlocks() {
        int bytes = 0;
        while (position < file.length()) {
            int length = nextBlock();
            if (length == 0) break;
            bytes += length;
            position += length;
        }
        return bytes;
    }

    private int nextBlock() {
        return Math.min(file.u8(position++), file.length() - position);
    }

    private void fill(byte[] rgb) {
        for (int i = 0; i < rgb.length; i += 3) {
            if (transparent == NONE) {
                palette.copy(0, rgb, i);
            } else {
                WhiteBackground.put(0, 0, 0, 0, rgb, i);
            }
        }
    }

    /** The row of the image that the n-th row of an interlaced frame is: every 8th row, then those halfway, and twice again. */
    private static int interlacedRow(int n, int height) {
        int row = n;
        int[][] passes = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};
        for (int[] pass : passes) {
            int rows = Math.max(0, Math.ceilDiv(height - pass[0], pass[1]));
            if (row < rows) return pass[0] + row * pass[1];
            row -= rows;
        }
        throw new AssertionError(n + " of " + height);
    }
}
