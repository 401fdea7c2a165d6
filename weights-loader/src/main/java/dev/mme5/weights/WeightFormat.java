package dev.mme5.weights;

import dev.mme5.json.Json;
import dev.mme5.json.ModelFormatException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a folder that was written by quantising stores the operands of matrix products; the metadata of each of its files says it.
 *
 * @param scheme numbers of a weight
 * @param panels whether rows lie in panels ({@link PanelTensor}), which is format version 2, or one after the other, version 1
 */
public record WeightFormat(QuantizationScheme scheme, boolean panels) {
    /** Key of the metadata entry with the scheme's label. */
    public static final String SCHEME = "mme5.quantization";

    /** Key of the metadata entry with the format version. */
    public static final String VERSION = "mme5.quantization.version";

    /** Key of the metadata entry with the layout; version 1 has none. */
    public static final String LAYOUT = "mme5.quantization.layout";

    private static final String ROWS_VERSION = "1";
    private static final String PANELS_VERSION = "2";
    private static final String PANELS_LAYOUT = "panels-32";

    /** The format version. */
    public String version() {
        return panels ? PANELS_VERSION : ROWS_VERSION;
    }

    /** Name for people, for example {@code int8, format 2}. */
    public String label() {
        return scheme.label() + ", format " + version();
    }

    /** The metadata of a file of this format. */
    public Map<String, String> metadata() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put(SCHEME, scheme.label());
        entries.put(VERSION, version());
        if (panels) entries.put(LAYOUT, PANELS_LAYOUT);
        return entries;
    }

    /**
     * The format of one weight. Tables (see {@link TensorNames#isTable}), whose rows are looked up one by one, are never in panels; they
     * are {@link QuantizationScheme#INT8} in a folder of integers.
     *
     * @return empty if it is stored as floats in rows
     */
    public Optional<WeightFormat> forWeight(boolean isTable) {
        if (!isTable) return Optional.of(this);
        return scheme.isInteger() ? Optional.of(new WeightFormat(QuantizationScheme.INT8, false)) : Optional.empty();
    }

    /** Shape of the weights, or of their codes, of a matrix [rows, cols]. */
    public Shape shape(long rows, long cols) {
        if (!panels) return scheme.codes(rows, cols);
        int columnBytes = PanelTensor.ROWS * Math.min(scheme.bits(), Byte.SIZE) / Byte.SIZE;
        return switch (scheme) {
            case BF16 -> PanelTensor.shape(rows, cols);
            case INT8 -> new Shape(PanelTensor.count(rows), cols, columnBytes);
            case INT4 -> new Shape(PanelTensor.count(rows), Math.ceilDiv(cols, PanelTensor.INT4_COLUMNS),
                    (long) columnBytes * PanelTensor.INT4_COLUMNS);
        };
    }

    /**
     * The format in the metadata of a file; empty if the file was not written by quantising.
     *
     * @throws ModelFormatException if scheme, version or layout are unknown
     */
    static Optional<WeightFormat> of(Map<String, String> metadata, String file) {
        String label = metadata.get(SCHEME);
        if (label == null) return Optional.empty();
        String version = metadata.get(VERSION);
        boolean panels = PANELS_VERSION.equals(version);
        if (!panels && !ROWS_VERSION.equals(version)) {
            throw new ModelFormatException(file, "__metadata__." + VERSION, "expected \"" + ROWS_VERSION + "\" or \"" + PANELS_VERSION
                    + "\", found " + quoted(version) + ": it needs another version of mme5");
        }
        QuantizationScheme scheme = QuantizationScheme.named(label).filter(known -> panels || known.isInteger()).orElseThrow(
                () -> new ModelFormatException(file, "__metadata__." + SCHEME, "expected "
                        + (panels ? QuantizationScheme.labels() : "int8 or int4") + ", found " + quoted(label)));
        String layout = metadata.get(LAYOUT);
        if (panels && !PANELS_LAYOUT.equals(layout)) {
            throw new ModelFormatException(file, "__metadata__." + LAYOUT,
                    "expected \"" + PANELS_LAYOUT + "\", found " + quoted(layout) + ": it needs another version of mme5");
        }
        return Optional.of(new WeightFormat(scheme, panels));
    }

    private static String quoted(String text) {
        return text == null ? "none" : new Json.Text(text).toString();
    }
}
