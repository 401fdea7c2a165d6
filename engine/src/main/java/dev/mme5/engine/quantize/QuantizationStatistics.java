package dev.mme5.engine.quantize;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds up sizes and errors of the tensors, by part of the model and type. */
final class QuantizationStatistics {
    private final Map<String, Sum> sums = new LinkedHashMap<>();

    private static final class Sum {
        private final String part;
        private final String type;
        private int tensors;
        private long parameters;
        private long sourceBytes;
        private long bytes;
        private double error;
        private double plainError;
        private double energy;

        Sum(String part, String type) {
            this.part = part;
            this.type = type;
        }

        private QuantizationReport.Part result() {
            return new QuantizationReport.Part(
                    part, type, tensors, parameters, sourceBytes, bytes, relative(error), relative(plainError));
        }

        private double relative(double squares) {
            return energy > 0 ? Math.sqrt(squares / energy) : 0;
        }
    }

    /** Unchanged, in rows or in panels. */
    void kept(QuantizationPlan.Entry entry) {
        add(entry, entry.source().dtype().name());
    }

    /** Every tensor counts alike, whatever the size of its numbers: its errors are taken relative to its outputs. */
    void quantized(QuantizationPlan.Entry entry, TensorQuantizer.Errors errors) {
        Sum sum = add(entry, entry.format().orElseThrow().scheme().name());
        if (errors.energy() <= 0) return;
        long weight = entry.source().shape().elements();
        sum.error += weight * errors.error() / errors.energy();
        sum.plainError += weight * errors.plainError() / errors.energy();
        sum.energy += weight;
    }

    private Sum add(QuantizationPlan.Entry entry, String type) {
        Sum sum = sums.computeIfAbsent(entry.part() + " " + type, key -> new Sum(entry.part(), type));
        sum.tensors++;
        sum.parameters += entry.source().shape().elements();
        sum.sourceBytes += entry.source().bytes().byteSize();
        sum.bytes += entry.bytes();
        return sum;
    }

    List<QuantizationReport.Part> parts() {
        return sums.values().stream().map(Sum::result).toList();
    }
}
