package dev.mme5.benchmarks.checkpoint;

import dev.mme5.benchmarks.checkpoint.SyntheticShape.Tensor;
import dev.mme5.weights.TensorData;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Seeded bfloat16 values at disk speed: each random long gives four values through a table of 65,536 normal deviates. The values of a
 * tensor depend on its name and the seed only.
 */
final class SyntheticValues {
    private static final int TABLE = 1 << 16;
    private static final float GATE = 0.5f;
    private static final float GATE_DEVIATION = 0.2f;
    private static final float NORM_DEVIATION = 0.05f;
    private static final float SMALL_DEVIATION = 0.02f;

    private final float[] normal = new float[TABLE];
    private final long seed;

    SyntheticValues(long seed) {
        this.seed = seed;
        RandomGenerator random = generator(seed);
        for (int i = 0; i < TABLE; i++) normal[i] = (float) random.nextGaussian();
    }

    TensorData data(Tensor tensor) {
        return switch (tensor.values()) {
            case LINEAR -> stream(tensor, 0, (float) (1 / Math.sqrt(tensor.shape().cols())), false);
            case SMALL -> stream(tensor, 0, SMALL_DEVIATION, false);
            case NORM -> stream(tensor, 1, NORM_DEVIATION, false);
            case GATE -> stream(tensor, GATE, GATE_DEVIATION, false);
            case TILE_TABLE -> stream(tensor, 0, SMALL_DEVIATION, true);
        };
    }

    private TensorData stream(Tensor tensor, float mean, float deviation, boolean zeroAbsentTiles) {
        short[] table = new short[TABLE];
        for (int i = 0; i < TABLE; i++) table[i] = bfloat16(mean + deviation * normal[i]);
        return out -> {
            RandomGenerator random = generator(seed ^ tensor.name().hashCode() * 0x9E3779B97F4A7C15L);
            ByteBuffer buffer = ByteBuffer.allocateDirect(TensorData.CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            long elements = tensor.shape().elements();
            long rowLength = tensor.shape().cols();
            long bits = 0;
            for (long i = 0; i < elements; i++) {
                if ((i & 3) == 0) bits = random.nextLong();
                boolean absent = zeroAbsentTiles && absent(i / rowLength, i % rowLength * SyntheticShape.TILES / rowLength);
                buffer.putShort(absent ? 0 : table[(int) (bits & TABLE - 1)]);
                bits >>>= 16;
                if (!buffer.hasRemaining() || i == elements - 1) {
                    buffer.flip();
                    while (buffer.hasRemaining()) out.write(buffer);
                    buffer.clear();
                }
            }
        };
    }

    /** As in the published checkpoint, rows of absent tiles are zero. */
    private static boolean absent(long aspectId, long tile) {
        if (aspectId == 0) return true;
        int[] grid = SyntheticShape.GRIDS[(int) aspectId - 1];
        return tile >= (long) grid[0] * grid[1];
    }

    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }

    private static RandomGenerator generator(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }
}
