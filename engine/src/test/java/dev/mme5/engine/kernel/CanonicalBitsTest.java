package dev.mme5.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.testing.ClassPathJvm;
import dev.mme5.weights.DType;
import dev.mme5.weights.MappedTensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same input gives the same bits for any number of threads, any batch and any vector width. */
class CanonicalBitsTest {
    private static String childOutput(Class<?> main, String option) throws IOException, InterruptedException {
        return ClassPathJvm.run(main, List.of("--add-modules", "jdk.incubator.vector", "-Xmx512m", option)).out();
    }

    private static Map<String, String> digestsHere(int threads) {
        try (Kernels kernels = new VectorKernels(new WorkerPool(threads))) {
            return new TreeMap<>(AllKernels.digests(kernels));
        }
    }

    @Test
    void anyNumberOfThreadsGivesTheSameBits() {
        Map<String, String> one = digestsHere(1);

        assertEquals(one, digestsHere(2));
        assertEquals(one, digestsHere(3));
        assertEquals(one, digestsHere(7));
    }

    @Tag("thorough")
    @ParameterizedTest
    @ValueSource(ints = {16, 32, 64})
    void anyWidthGivesTheSameBits(int bytes) throws IOException, InterruptedException {
        String output = childOutput(AllKernels.class, "-XX:MaxVectorSize=" + bytes);

        Map<String, String> there = new TreeMap<>();
        for (String line : output.split("\n")) {
            int space = line.lastIndexOf(' ');
            if (line.length() - space == 65) there.put(line.substring(0, space), line.substring(space + 1));
        }
        assertEquals(digestsHere(2), there);
    }

    /** Before they are compiled to instructions, vector operations are plain Java, which must agree too. */
    @Test
    void theInterpreterGivesTheSameBits() throws IOException, InterruptedException {
        Matrix x = new Samples(1).matrix(3, 40);
        MappedTensor weight = new Samples(2).weight(DType.BF16, 33, 40);
        Matrix out = Matrix.zeros(3, 33);

        String output = childOutput(InterpretedMatmul.class, "-Xint");
        try (Kernels kernels = new VectorKernels(new WorkerPool(1))) {
            for (int i = 0; i < 2000; i++) kernels.matmul(x, weight, out);
            kernels.gelu(out);
        }

        assertEquals(AllKernels.digest(out), output.lines().filter(line -> line.length() == 64).findFirst().orElse(output));
    }

    static final class InterpretedMatmul {
        private InterpretedMatmul() {}

        public static void main(String[] args) {
            Matrix out = Matrix.zeros(3, 33);
            try (Kernels kernels = new VectorKernels(new WorkerPool(1))) {
                kernels.matmul(new Samples(1).matrix(3, 40), new Samples(2).weight(DType.BF16, 33, 40), out);
                kernels.gelu(out);
            }
            System.out.println(AllKernels.digest(out));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "F16", "F32"})
    void aTokenHasTheSameBitsAloneAndInABatch(DType dtype) {
        Samples samples = new Samples(5);
        Matrix x = samples.matrix(820, 300);
        MappedTensor weight = samples.weight(dtype, 70, 300);
        try (Kernels kernels = new VectorKernels(new WorkerPool(2))) {
            Matrix all = Matrix.zeros(820, 70);
            kernels.matmul(x, weight, all);

            for (int tokens : new int[] {1, 2, 3, 4, 7, 12, 13, 33, 48, 64, 129}) {
                for (int from = 0; from + tokens <= 820; from += 151) {
                    Matrix some = Matrix.zeros(tokens, 70);
                    kernels.matmul(x.rows(from, from + tokens), weight, some);
                    assertArrayEquals(all.rows(from, from + tokens).toArray(), some.data(), tokens + " tokens from " + from);
                }
            }
        }
    }
}
