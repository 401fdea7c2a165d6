package dev.mme5.engine.image.raster;

/**
 * The colours that the values of a one-channel image stand for: a palette, or a grey scale. Transparent colours are stored
 * composited over white.
 */
public final class Palette {
    private final ImageBytes file;
    private final byte[] rgb;
    private final int size;

    /** A palette of black entries, to be filled with {@link #set}. */
    public Palette(ImageBytes file, int size) {
        this.file = file;
        this.size = size;
        this.rgb = new byte[3 * size];
    }

    /** The greys from black to white. */
    public static Palette grays(ImageBytes file, int size) {
        Palette palette = new Palette(file, size);
        for (int i = 0; i < size; i++) palette.set(i, 255 * i / (size - 1), 255 * i / (size - 1), 255 * i / (size - 1), 255);
        return palette;
    }

    /** Whether each colour is the grey of its index. */
    public boolean isGraysInOrder() {
        for (int i = 0; i < rgb.length; i++) {
            if ((rgb[i] & 0xff) != i / 3) return false;
        }
        return true;
    }

    /** A palette of at least this size that begins with these colours; the others are black. */
    public Palette withSize(int least) {
        if (least <= size) return this;
        Palette larger = new Palette(file, least);
        System.arraycopy(rgb, 0, larger.rgb, 0, rgb.length);
        return larger;
    }

    public int size() {
        return size;
    }

    public void set(int index, int red, int green, int blue, int alpha) {
        WhiteBackground.put(red, green, blue, alpha, rgb, 3 * index);
    }

    /** Gives an opaque colour this alpha: 0 makes it white. */
    public void setAlpha(int index, int alpha) {
        set(index, rgb[3 * index] & 0xff, rgb[3 * index + 1] & 0xff, rgb[3 * index + 2] & 0xff, alpha);
    }

    /** Writes the colour of an index. An index without a colour is damage; other decoders show some grey. */
    public void copy(int index, byte[] out, int offset) {
        if (index >= size) throw file.damaged("a pixel has colour %d of a palette of %d".formatted(index, size));
        out[offset] = rgb[3 * index];
        out[offset + 1] = rgb[3 * index + 1];
        out[offset + 2] = rgb[3 * index + 2];
    }
}
