package dev.mme5.engine.image.webp.vp8l;

/** The predictor transform (RFC 9649 section 3.5.1): every pixel was stored as its difference from one of 14 predictions. */
final class Vp8lPredictor {
    private static final int BLACK = 0xff000000;

    private Vp8lPredictor() {}

    /**
     * Undoes the transform in place.
     *
     * @param modes image [rows of tiles, tiles] whose green is the mode of a tile
     * @param bits a tile's side is 1 << bits
     * @param from index of the first pixel
     */
    static void undo(int[] modes, int bits, int[] argb, int from, int width, int height) {
        argb[from] = add(argb[from], BLACK);
        for (int x = 1; x < width; x++) argb[from + x] = add(argb[from + x], argb[from + x - 1]);
        int tiles = Vp8lTransform.tiles(width, bits);
        for (int y = 1; y < height; y++) {
            int row = from + y * width;
            argb[row] = add(argb[row], argb[row - width]);
            int tile = (y >> bits) * tiles;
            for (int x = 1; x < width; tile++) {
                int end = Math.min((x >> bits) + 1 << bits, width);
                undoRun(modes[tile] >> 8 & 0xf, argb, row + x, row + end, width);
                x = end;
            }
        }
    }

    private static void undoRun(int mode, int[] argb, int from, int end, int width) {
        for (int i = from; i < end; i++) {
            int up = i - width;
            argb[i] = add(argb[i], switch (mode) {
                case 1 -> argb[i - 1];
                case 2 -> argb[up];
                case 3 -> argb[up + 1];
                case 4 -> argb[up - 1];
                case 5 -> average(average(argb[i - 1], argb[up + 1]), argb[up]);
                case 6 -> average(argb[i - 1], argb[up - 1]);
                case 7 -> average(argb[i - 1], argb[up]);
                case 8 -> average(argb[up - 1], argb[up]);
                case 9 -> average(argb[up], argb[up + 1]);
                case 10 -> average(average(argb[i - 1], argb[up - 1]), average(argb[up], argb[up + 1]));
                case 11 -> select(argb[i - 1], argb[up], argb[up - 1]);
                case 12 -> gradient(argb[i - 1], argb[up], argb[up - 1]);
                case 13 -> halfGradient(average(argb[i - 1], argb[up]), argb[up - 1]);
                default -> BLACK;
            });
        }
    }

    /** Channel by channel, modulo 256. */
    static int add(int a, int b) {
        int alphaGreen = (a & 0xff00ff00) + (b & 0xff00ff00);
        int redBlue = (a & 0x00ff00ff) + (b & 0x00ff00ff);
        return alphaGreen & 0xff00ff00 | redBlue & 0x00ff00ff;
    }

    /** Channel by channel, rounded down. */
    private static int average(int a, int b) {
        return (((a ^ b) & 0xfefefefe) >>> 1) + (a & b);
    }

    /** Left or top, whichever is nearer to left + top - corner. */
    private static int select(int left, int top, int corner) {
        int leftDistance = 0;
        int topDistance = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            int c = corner >>> shift & 0xff;
            leftDistance += Math.abs((top >>> shift & 0xff) - c);
            topDistance += Math.abs((left >>> shift & 0xff) - c);
        }
        return leftDistance < topDistance ? left : top;
    }

    private static int gradient(int left, int top, int corner) {
        int argb = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            int sum = (left >>> shift & 0xff) + (top >>> shift & 0xff) - (corner >>> shift & 0xff);
            argb |= clamp(sum) << shift;
        }
        return argb;
    }

    private static int halfGradient(int average, int corner) {
        int argb = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            int a = average >>> shift & 0xff;
            argb |= clamp(a + (a - (corner >>> shift & 0xff)) / 2) << shift;
        }
        return argb;
    }

    private static int clamp(int v) {
        return Math.max(0, Math.min(255, v));
    }
}
