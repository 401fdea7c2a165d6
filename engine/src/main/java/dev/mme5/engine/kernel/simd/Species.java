package dev.mme5.engine.kernel.simd;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The vector shapes of all kernels. Constants, because the compiler turns vector operations into instructions only for these. */
public final class Species {
    /** The machine's preferred shape, but at most 16 floats: sums over a row have 16 partial sums. */
    public static final VectorSpecies<Float> FLOAT =
            FloatVector.SPECIES_PREFERRED.length() > 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;

    public static final VectorSpecies<Integer> INT = VectorSpecies.of(int.class, FLOAT.vectorShape());

    public static final VectorSpecies<Short> SHORT = VectorSpecies.of(short.class, FLOAT.vectorShape());

    /** As many shorts as there are floats in a vector. */
    public static final VectorSpecies<Short> HALF_SHORT = VectorSpecies.of(short.class, VectorShape.forBitSize(FLOAT.vectorBitSize() / 2));

    /** As many bytes as there are floats in a vector, but at least eight: no vector is shorter. */
    public static final VectorSpecies<Byte> SOME_BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, FLOAT.vectorBitSize() / 4)));

    /** Half a vector of floats, or a whole one where that would be less than four. */
    public static final VectorSpecies<Float> HALF_FLOAT =
            VectorSpecies.of(float.class, VectorShape.forBitSize(Math.max(128, FLOAT.vectorBitSize() / 2)));

    /** Floats in one vector: 4, 8 or 16. */
    public static final int COUNT = FLOAT.length();

    /** Four floats, or four ints: a shape that every machine has. */
    static final VectorSpecies<Float> FOUR_FLOATS = FloatVector.SPECIES_128;

    static final VectorSpecies<Integer> FOUR_INTS = IntVector.SPECIES_128;

    /** That of the files. */
    public static final ByteOrder FILE_ORDER = ByteOrder.LITTLE_ENDIAN;

    private Species() {}
}
