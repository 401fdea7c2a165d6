package dev.mme5.weights;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The number format of the matrix weights in a folder written by quantising; {@code docs/QUANTIZATION.md} describes the files. */
public enum QuantizationScheme {
    /** The weights of the source, bit for bit: only their layout differs. */
    BF16(16, 1, DType.BF16),

    /** One signed byte for each weight; groups of 64 weights of a row share a scale. */
    INT8(8, 64, DType.I8),

    /** Four bits for each weight, two in a byte; groups of 32 weights of a row share a scale. */
    INT4(4, 32, DType.U8);

    /** Suffix of the name of the tensor with the scales of the groups. */
    public static final String SCALES = ".scales";

    /** Suffix of the name of the tensor with the scales of the rows. */
    public static final String ROW_SCALES = ".row_scales";

    private final int bits;
    private final int group;
    private final DType dtype;

    QuantizationScheme(int bits, int group, DType dtype) {
        this.bits = bits;
        this.group = group;
        this.dtype = dtype;
    }

    /** Whether a weight is an integer with scales, not a float. */
    public boolean isInteger() {
        return this != BF16;
    }

    /** Bits of one weight. */
    public int bits() {
        return bits;
    }

    /** Number of weights of a row that share a scale; the last group of a row may have fewer. */
    public int group() {
        return group;
    }

    /** Number of groups in a row of {@code cols} weights. */
    public int groups(int cols) {
        return Math.ceilDiv(cols, group);
    }

    /** Type of the weights, or of their codes, in the file. */
    public DType dtype() {
        return dtype;
    }

    /** Shape of the codes of {@code rows} x {@code cols} weights: [rows, cols], or [rows, cols / 2] if two share a byte. */
    public Shape codes(long rows, long cols) {
        return new Shape(rows, Math.ceilDiv(cols * bits, 8));
    }

    /** Number of weights in codes of this shape; if two share a byte and a row is odd, one too many for each row. */
    public long weights(Shape codes) {
        return codes.elements() * 8 / bits;
    }

    /** Maximum scale of a row. Up to it, every scale of a group and every weight is finite. */
    public float maxRowScale() {
        return Float.MAX_VALUE / 128 / (1 << bits - 1);
    }

    /** Whether a tensor of that name contains scales. */
    public static boolean isScales(String name) {
        return name.endsWith(SCALES) || name.endsWith(ROW_SCALES);
    }

    /** The name of the weight that scales belong to; any other name is returned as it is. */
    static String nameWithoutScales(String name) {
        if (name.endsWith(ROW_SCALES)) return name.substring(0, name.length() - ROW_SCALES.length());
        return name.endsWith(SCALES) ? name.substring(0, name.length() - SCALES.length()) : name;
    }

    /** Smallest code. */
    public int minCode() {
        return this == INT8 ? -127 : -8;
    }

    /** Largest code. */
    public int maxCode() {
        return this == INT8 ? 127 : 7;
    }

    /** Name in files and on the command line, for example {@code int8}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The scheme with that label; empty if there is none. */
    public static Optional<QuantizationScheme> named(String label) {
        return Arrays.stream(values()).filter(scheme -> scheme.label().equals(label)).findFirst();
    }

    /** All labels, for messages: {@code bf16, int8 or int4}. */
    public static String labels() {
        return BF16.label() + ", " + INT8.label() + " or " + INT4.label();
    }
}
