package dev.mme5.weights;

import dev.mme5.json.Json;
import dev.mme5.json.ModelFormatException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How a quantised folder stores the weights of its products; {@code docs/QUANTIZATION.md} describes the files. The largest
 * tables are {@link #INT8} in both.
 */
public enum QuantizationScheme {
    /** One signed byte for each weight; 64 neighbours of a row share a scale. */
    INT8(8, 64, DType.I8),

    /** Four bits for each weight, two in a byte; 32 neighbours of a row share a scale. */
    INT4(4, 32, DType.U8);

    /** Key of the scheme's name among the remarks of a file. */
    public static final String SCHEME = "mme5.quantization";

    /** Key of the version of the format. */
    public static final String VERSION_KEY = "mme5.quantization.version";

    /** The version of the format that is written, and the only one that is read. */
    public static final String VERSION = "1";

    /** What is put behind a tensor's name for that of its groups' scales. */
    public static final String SCALES = ".scales";

    /** What is put behind a tensor's name for that of its rows' scales. */
    public static final String ROW_SCALES = ".row_scales";

    /** What the last part but one of a table's name is. */
    private static final Set<String> TABLES = Set.of("embed_tokens", "tile_embedding");

    private final int bits;
    private final int group;
    private final DType dtype;

    QuantizationScheme(int bits, int group, DType dtype) {
        this.bits = bits;
        this.group = group;
        this.dtype = dtype;
    }

    /** Bits of one weight. */
    public int bits() {
        return bits;
    }

    /** How many neighbours of a row share a scale; the last group of a row may have fewer. */
    public int group() {
        return group;
    }

    /** Groups in a row of so many weights. */
    public int groups(int cols) {
        return Math.ceilDiv(cols, group);
    }

    /** The type that the codes have in the file. */
    public DType dtype() {
        return dtype;
    }

    /** Shape of the codes of so many weights: [rows, cols], or [rows, cols / 2] when two share a byte. */
    public Shape codes(long rows, long cols) {
        return new Shape(rows, Math.ceilDiv(cols * bits, 8));
    }

    /** How many weights codes of this shape stand for; one too many a row where they are odd. */
    public long weights(Shape codes) {
        return codes.elements() * 8 / bits;
    }

    /** The scheme that one weight has in a folder of this scheme. */
    public QuantizationScheme ofWeight(String name) {
        return isTable(name) ? INT8 : this;
    }

    /** Whether a weight is one of the two largest tables, by its name. */
    public static boolean isTable(String name) {
        String[] parts = name.split("\\.");
        return parts.length > 1 && TABLES.contains(parts[parts.length - 2]);
    }

    /** The largest scale of a row: with it, every scale of a group and every weight is finite. */
    public float mostRowScale() {
        return Float.MAX_VALUE / 128 / (1 << bits - 1);
    }

    /** Whether a name is that of scales. */
    public static boolean isScales(String name) {
        return name.endsWith(SCALES) || name.endsWith(ROW_SCALES);
    }

    /** The name of the tensor that scales belong to; another name is its own. */
    static String ofScales(String name) {
        if (name.endsWith(ROW_SCALES)) return name.substring(0, name.length() - ROW_SCALES.length());
        return name.endsWith(SCALES) ? name.substring(0, name.length() - SCALES.length()) : name;
    }

    /** Smallest code. */
    public int least() {
        return this == INT8 ? -127 : -8;
    }

    /** Largest code. */
    public int most() {
        return this == INT8 ? 127 : 7;
    }

    /** Its name in files and on the command line: {@code int8}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The scheme of that name; empty when there is none. */
    public static Optional<QuantizationScheme> named(String label) {
        return Arrays.stream(values()).filter(scheme -> scheme.label().equals(label)).findFirst();
    }

    /** All names, for messages: {@code int8 or int4}. */
    public static String labels() {
        return Arrays.stream(values()).map(QuantizationScheme::label).collect(Collectors.joining(" or "));
    }

    /**
     * The scheme that a file's remarks name; empty for a file that is not quantised by us.
     *
     * @throws ModelFormatException when scheme or version are unknown
     */
    static Optional<QuantizationScheme> of(Map<String, String> metadata, String file) {
        String scheme = metadata.get(SCHEME);
        if (scheme == null) return Optional.empty();
        String version = metadata.get(VERSION_KEY);
        if (!VERSION.equals(version)) {
            String found = version == null ? "none" : new Json.Text(version).toString();
            throw new ModelFormatException(file, "__metadata__." + VERSION_KEY, "expected \"" + VERSION + "\", found " + found
                    + ": it needs another version of mme5");
        }
        Optional<QuantizationScheme> known = named(scheme);
        if (known.isEmpty()) {
            throw new ModelFormatException(
                    file, "__metadata__." + SCHEME, "expected " + labels() + ", found " + new Json.Text(scheme));
        }
        return known;
    }
}
