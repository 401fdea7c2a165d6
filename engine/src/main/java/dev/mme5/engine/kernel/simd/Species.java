package dev.mme5.engine.kernel.simd;

import java.nio.ByteOrder;
import java.util.Set;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector shapes of all kernels. Constants, because only for these does the compiler turn vector operations into instructions.
 *
 * <p>Vectors change their type by {@code reinterpretShape} and {@code convertShape}, to one of these shapes. {@code reinterpretAsFloats},
 * {@code convert} and their like look the shape up, and the C2 of JDK 27 boxes their results in some processes, for life.
 *
 * <p>Loops over a segment multiply their counters as integers, {@code offset + i * 64} and not {@code offset + (long) i * 64}, at least
 * where lanes have 16 bits: with the second the C2 of JDK 27 never ended.
 */
public final class Species {
    /** The machine's preferred shape, limited to 16 floats, because a sum over a row has 16 partial sums. */
    public static final VectorSpecies<Float> FLOAT =
            FloatVector.SPECIES_PREFERRED.length() > 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;

    public static final VectorSpecies<Integer> INT = VectorSpecies.of(int.class, FLOAT.vectorShape());

    public static final VectorSpecies<Short> SHORT = VectorSpecies.of(short.class, FLOAT.vectorShape());

    /** Bytes, as many as {@link #FLOAT} has lanes, but at least eight: no vector is shorter. */
    public static final VectorSpecies<Byte> SOME_BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, FLOAT.vectorBitSize() / 4)));

    /** Floats in one vector: 4, 8 or 16. */
    public static final int COUNT = FLOAT.length();

    /**
     * Whether there are 16 vector registers, as on x86 without AVX-512, and not 32. A register tile then has none to spare, so it must keep
     * the compiler from loading early. Where vectors are shorter than they could be, 32 are taken for 16.
     */
    public static final boolean FEW_REGISTERS = COUNT < 16 && Set.of("amd64", "x86_64", "x86").contains(System.getProperty("os.arch"));

    /** Byte order of the weight files. */
    public static final ByteOrder FILE_ORDER = ByteOrder.LITTLE_ENDIAN;

    private Species() {}
}
