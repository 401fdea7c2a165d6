package dev.mme5.engine.image.jpeg.entropy;

/** The zigzag order of T.81 figure A.6. */
public final class Zigzag {
    /** Coefficients of a block. */
    public static final int BLOCK = 64;

    /** A run of zeros cannot lead further than this past the last coefficient. */
    private static final int OVERRUN = 16;

    private static final int[] NATURAL = new int[BLOCK + OVERRUN];

    static {
        int row = 0;
        int column = 0;
        for (int i = 0; i < BLOCK; i++) {
            NATURAL[i] = 8 * row + column;
            boolean up = (row + column) % 2 == 0;
            if (up && column < 7) {
                column++;
                if (row > 0) row--;
            } else if (up || row < 7) {
                row++;
                if (!up && column > 0) column--;
            } else {
                column++;
            }
        }
        // As in libjpeg, a coefficient after the last one is written to the last one.
        for (int i = BLOCK; i < NATURAL.length; i++) NATURAL[i] = BLOCK - 1;
    }

    private Zigzag() {}

    /** Natural index, 8 * row + column, of a zigzag index from 0 to 79. */
    public static int natural(int zigzag) {
        return NATURAL[zigzag];
    }

    static int[] naturalOrder() {
        return NATURAL;
    }
}
