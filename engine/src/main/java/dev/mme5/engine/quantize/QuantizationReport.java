package dev.mme5.engine.quantize;

import java.nio.file.Path;
import java.util.List;

/**
 * The result of quantising a folder.
 *
 * @param folder the new folder
 * @param scheme {@code int8} or {@code int4}
 * @param parts by part of the model and type
 * @param leftOut tensors that the engine does not read, and that the new folder does not have
 * @param sourceBytes of the source's files of weights
 * @param bytes of the new folder's files of weights
 * @param seconds that it took
 */
public record QuantizationReport(
        Path folder, String scheme, List<Part> parts, List<String> leftOut, long sourceBytes, long bytes, double seconds) {
    public QuantizationReport {
        parts = List.copyOf(parts);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * The tensors of one part that became one type.
     *
     * @param type such as {@code INT4}, or {@code BF16} for unchanged tensors
     * @param error root of the mean square by which rounding changes the part's outputs, relative to the outputs themselves, predicted
     *     from second moments of the activations; 0 for unchanged tensors
     * @param plainError the same for rounding to the nearest code, with the largest weight of each group at the end of the range
     */
    public record Part(String name, String type, int tensors, long parameters, long sourceBytes, long bytes, double error,
            double plainError) {}
}
