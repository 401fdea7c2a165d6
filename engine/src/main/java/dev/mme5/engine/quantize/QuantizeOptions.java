package dev.mme5.engine.quantize;

import dev.mme5.weights.QuantizationScheme;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a folder is quantised.
 *
 * @param scheme numbers of the weights of matmuls; {@link QuantizationScheme#BF16} rounds nothing
 * @param keep names of tensors that stay as they are; {@code *} stands for any characters, {@code ?} for one
 * @param moments second moments of the activations that each weight is multiplied with, by its canonical name ({@link
 *     dev.mme5.engine.ActivationMoments}); empty: estimated from the weights alone
 * @param threads that compute; at least 1
 */
public record QuantizeOptions(QuantizationScheme scheme, List<String> keep, Map<String, float[]> moments, int threads) {
    public QuantizeOptions {
        Objects.requireNonNull(scheme, "scheme");
        keep = List.copyOf(keep);
        moments = Map.copyOf(moments);
        if (threads < 1) throw new IllegalArgumentException("threads is " + threads);
    }

    /** Nothing kept, no measurements, all processors. */
    public static QuantizeOptions of(QuantizationScheme scheme) {
        return new QuantizeOptions(scheme, List.of(), Map.of(), Runtime.getRuntime().availableProcessors());
    }

    /** Whether a name matches a pattern. */
    static boolean matches(String pattern, String name) {
        String regex = pattern.chars()
                .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)))
                .collect(Collectors.joining());
        return name.matches(regex);
    }
}
