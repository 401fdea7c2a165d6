package dev.mme5.engine.image.raster;

/**
 * The colours that the values of a one-channel picture stand for: a palette, or a scale of greys. Transparency is already
 * laid over white.
 */
public final class Palette {
    private final ImageBytes file;
    private final byte[] rgb;
    private final int size;

    /** A table of black. Colours are then put in one by one. */
    public Palette(ImageBytes file, int size) {
        this.file = file;
        this.size = size;
        this.rgb = new byte[3 * size];
    }

    /** The greys from black to white. */
    public static Palette greys(ImageBytes file, int size) {
        Palette table = new Palette(file, size);
        for (int i = 0; i < size; i++) table.set(i, 255 * i / (size - 1), 255 * i / (size - 1), 255 * i / (size - 1), 255);
        return table;
    }

    public int size() {
        return size;
    }

    public void set(int index, int red, int green, int blue, int alpha) {
        WhiteBackground.put(red, green, blue, alpha, rgb, 3 * index);
    }

    /** Makes a colour as transparent as alpha says; 0 is white. */
    public void fade(int index, int alpha) {
        set(index, rgb[3 * index] & 0xff, rgb[3 * index + 1] & 0xff, rgb[3 * index + 2] & 0xff, alpha);
    }

    /** Writes the colour of an index; a value without colour is damage, which other decoders fill with some grey. */
    public void copy(int index, byte[] out, int at) {
        if (index >= size) throw file.damaged("a pixel has colour %d of a palette of %d".formatted(index, size));
        out[at] = rgb[3 * index];
        out[at + 1] = rgb[3 * index + 1];
        out[at + 2] = rgb[3 * index + 2];
    }
}
