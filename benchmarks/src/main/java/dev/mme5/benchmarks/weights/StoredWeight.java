package dev.mme5.benchmarks.weights;

import dev.mme5.benchmarks.checkpoint.Samples;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.Shape;
import dev.mme5.weights.WeightFormat;
import dev.mme5.weights.WeightMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/** The forms of a weight: numbers of some type, in rows as a downloaded folder has them, or in panels as {@code quantize} writes them. */
public enum StoredWeight {
    BF16_PANELS,
    INT8_PANELS,
    INT4_PANELS,
    BF16_ROWS,
    /** Format version 1. */
    INT8_ROWS,
    /** Format version 1. */
    INT4_ROWS,
    /** In an array, as text encoders keep their weights. */
    F32_PANELS;

    private static final float ROW_SCALE = 1e-4f;

    /** A weight [out, in] outside the heap, with seeded values. */
    public WeightMatrix create(int out, int in) {
        return switch (this) {
            case BF16_ROWS -> new Samples(in).weight(out, in);
            case BF16_PANELS -> PanelTensor.copyOf(new Samples(in).weight(out, in), Arena.ofAuto());
            case F32_PANELS -> PanelTensor.copyToArray(new Samples(in).weight(out, in));
            case INT8_ROWS -> quantized(new WeightFormat(QuantizationScheme.INT8, false), out, in);
            case INT8_PANELS -> quantized(new WeightFormat(QuantizationScheme.INT8, true), out, in);
            case INT4_ROWS -> quantized(new WeightFormat(QuantizationScheme.INT4, false), out, in);
            case INT4_PANELS -> quantized(new WeightFormat(QuantizationScheme.INT4, true), out, in);
        };
    }

    private static QuantizedTensor quantized(WeightFormat format, int out, int in) {
        QuantizationScheme scheme = format.scheme();
        SplittableRandom random = new SplittableRandom(in);
        MappedTensor codes = tensor(scheme.dtype(), format.shape(out, in), random, scheme == QuantizationScheme.INT4);
        MappedTensor scales = tensor(DType.I8, new Shape(scheme.groups(in), out), random, false);
        float[] rowScales = new float[out];
        Arrays.fill(rowScales, ROW_SCALE);
        return new QuantizedTensor(scheme, in, codes, scales, MappedTensor.ofFloats("row scales", rowScales, out));
    }

    /** One or two random codes a byte, without the lowest of all, which no folder has. */
    private static MappedTensor tensor(DType dtype, Shape shape, SplittableRandom random, boolean pairs) {
        MemorySegment bytes = Arena.ofAuto().allocate(dtype.bytes(shape), 64);
        for (long i = 0; i < bytes.byteSize(); i++) {
            int code = pairs ? random.nextInt(1, 16) << 4 | random.nextInt(1, 16) : random.nextInt(-127, 128);
            bytes.set(ValueLayout.JAVA_BYTE, i, (byte) code);
        }
        return new MappedTensor("(memory)", "weight", dtype, shape, bytes.asReadOnly());
    }

    /** Name for people: {@code bf16 panels}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Bytes that a product reads of it. */
    static double bytes(WeightMatrix weight) {
        return switch (weight) {
            case MappedTensor rows -> rows.bytes().byteSize();
            case PanelTensor panels -> panels.panels().bytes().byteSize();
            case QuantizedTensor quantized -> quantized.bytes();
        };
    }
}
