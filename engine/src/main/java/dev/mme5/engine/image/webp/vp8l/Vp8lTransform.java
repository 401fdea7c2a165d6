package dev.mme5.engine.image.webp.vp8l;

/** What an encoder did to the pixels before it coded them, and how it is undone (RFC 9649 section 3.5). */
sealed interface Vp8lTransform {
    /** Differences from predictions. */
    record Predictor(int[] modes, int bits) implements Vp8lTransform {}

    /** Red and blue without what green, and red, tell of them; elements [tile] hold three factors. */
    record CrossColor(int[] factors, int bits) implements Vp8lTransform {}

    /** Red and blue without green. */
    record SubtractGreen() implements Vp8lTransform {}

    /**
     * Indices of colours in green, several to a pixel.
     *
     * @param bits log2 of the indices in a pixel
     * @param width of the image before
     */
    record ColorIndexing(int[] colors, int bits, int width) implements Vp8lTransform {}

    /** Tiles in a row, the last one perhaps narrower. */
    static int tiles(int size, int bits) {
        return size + (1 << bits) - 1 >> bits;
    }

    /**
     * Undoes the transform in place. The image stands at the end of the array and does so afterwards.
     *
     * @param width of the transformed image
     */
    default void undo(int[] argb, int width, int height) {
        int from = argb.length - width * height;
        switch (this) {
            case Predictor(int[] modes, int bits) -> Vp8lPredictor.undo(modes, bits, argb, from, width, height);
            case CrossColor(int[] factors, int bits) -> undoCrossColor(factors, bits, argb, from, width, height);
            case SubtractGreen() -> undoSubtractGreen(argb, from);
            case ColorIndexing(int[] colors, int bits, int wide) -> undoColorIndexing(colors, bits, wide, argb, width, height);
        }
    }

    private static void undoSubtractGreen(int[] argb, int from) {
        for (int i = from; i < argb.length; i++) {
            int green = argb[i] >>> 8 & 0xff;
            argb[i] = argb[i] & 0xff00ff00 | (argb[i] & 0xff00ff) + (green << 16 | green) & 0xff00ff;
        }
    }

    private static void undoCrossColor(int[] factors, int bits, int[] argb, int from, int width, int height) {
        int tiles = tiles(width, bits);
        for (int y = 0; y < height; y++) {
            int row = from + y * width;
            int tile = (y >> bits) * tiles;
            for (int x = 0; x < width; tile++) {
                int end = Math.min(x + (1 << bits), width);
                byte greenToRed = (byte) factors[tile];
                byte greenToBlue = (byte) (factors[tile] >> 8);
                byte redToBlue = (byte) (factors[tile] >> 16);
                for (; x < end; x++) {
                    int pixel = argb[row + x];
                    byte green = (byte) (pixel >> 8);
                    byte red = (byte) ((pixel >> 16) + (greenToRed * green >> 5));
                    int blue = pixel + (greenToBlue * green >> 5) + (redToBlue * red >> 5);
                    argb[row + x] = pixel & 0xff00ff00 | (red & 0xff) << 16 | blue & 0xff;
                }
            }
        }
    }

    /** Row by row from the top: a row never grows over pixels that are still to be read. */
    private static void undoColorIndexing(int[] colors, int bits, int width, int[] argb, int packedWidth, int height) {
        int from = argb.length - width * height;
        int packedFrom = argb.length - packedWidth * height;
        int indexBits = 8 >> bits;
        int mask = (1 << indexBits) - 1;
        int packed = 0;
        for (int y = 0; y < height; y++) {
            int row = from + y * width;
            int packedRow = packedFrom + y * packedWidth;
            for (int x = 0; x < width; x++) {
                int place = x & (1 << bits) - 1;
                if (place == 0) packed = argb[packedRow + (x >> bits)] >>> 8 & 0xff;
                int index = packed >> place * indexBits & mask;
                argb[row + x] = index < colors.length ? colors[index] : 0;
            }
        }
    }
}
