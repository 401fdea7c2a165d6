package dev.mme5.engine.quantize;

import dev.mme5.engine.Options;
import dev.mme5.weights.QuantizationScheme;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * How a folder is quantised.
 *
 * @param scheme numbers of the weights of matmuls; {@link QuantizationScheme#BF16} rounds nothing
 * @param keep names of tensors that stay as they are; {@code *} stands for any characters, {@code ?} for one
 * @param moments second moments of the activations that each weight is multiplied with, by its canonical name ({@link
 *     dev.mme5.engine.ActivationMoments}), finite and not negative; empty: estimated from the weights alone
 * @param threads that compute; 1 to {@link Options#MAX_THREADS}
 */
public record QuantizeOptions(QuantizationScheme scheme, List<String> keep, Map<String, float[]> moments, int threads) {
    public QuantizeOptions {
        Objects.requireNonNull(scheme, "scheme");
        keep = List.copyOf(keep);
        moments = moments.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> entry.getValue().clone()));
        if (threads < 1 || threads > Options.MAX_THREADS) {
            throw new IllegalArgumentException("threads is " + threads + ", expected 1 to " + Options.MAX_THREADS);
        }
        moments.forEach((name, squares) -> {
            for (float square : squares) {
                if (!(square >= 0 && square < Float.POSITIVE_INFINITY)) { // NaN is neither
                    throw new IllegalArgumentException("moments of " + name + ": expected finite numbers from 0, found " + square);
                }
            }
        });
    }

    /** Nothing kept, no measurements, all processors. */
    public static QuantizeOptions of(QuantizationScheme scheme) {
        return new QuantizeOptions(scheme, List.of(), Map.of(), Options.defaults().threads());
    }

    /** Whether a name matches a pattern. */
    static boolean matches(String pattern, String name) {
        int[] wanted = pattern.codePoints().toArray();
        int[] found = name.codePoints().toArray();
        int next = 0; // in wanted
        int star = -1; // the last one that was passed; only it may take more characters, so time is the product of the lengths
        int taken = 0; // by it, up to here in found
        for (int i = 0; i < found.length;) {
            if (next < wanted.length && wanted[next] == '*') {
                star = next++;
                taken = i;
            } else if (next < wanted.length && (wanted[next] == '?' || wanted[next] == found[i])) {
                next++;
                i++;
            } else if (star >= 0) {
                next = star + 1;
                i = ++taken;
            } else {
                return false;
            }
        }
        while (next < wanted.length && wanted[next] == '*') next++;
        return next == wanted.length;
    }
}
