package dev.mme5.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A method that a compiler gives up on runs with every vector boxed, up to a thousand times slower, and nothing else tells of it:
 * the first compiler runs out of virtual registers somewhere beyond 2,000 bytecodes of vector code, and methods beyond 8,000
 * bytecodes are left to the interpreter in silence. So are vectors boxed that go to or come from a helper that is not inlined.
 * A boxed vector is allocated, and that shows.
 */
class CompilerTiersTest {
    /** What C2 inlines depends on what it compiled before; what is boxed in each of so many runs is no accident. What is in some only is not caught. */
    private static final int RUNS = 3;

    @ParameterizedTest
    @ValueSource(ints = {16, 32, 64})
    void noKernelIsSkippedByACompilerAndNoVectorIsBoxed(int bytes) {
        Set<String> boxed = boxedInARun(bytes);
        for (int run = 1; run < RUNS && !boxed.isEmpty(); run++) boxed.retainAll(boxedInARun(bytes));

        assertEquals(Set.of(), boxed);
    }

    private static Set<String> boxedInARun(int bytes) {
        String output = ChildJvm.run(WarmUp.class, List.of("-XX:MaxVectorSize=" + bytes, "-XX:+PrintCompilation"));

        List<String> kernels = output.lines().filter(line -> line.contains("dev.mme5.engine.kernel")).toList();
        assertTrue(kernels.stream().anyMatch(line -> line.contains("TwoVectorMicroKernel::rows")), "no kernel was compiled:\n" + output);
        assertEquals(List.of(), kernels.stream().filter(line -> line.contains("COMPILE SKIPPED")).toList());
        return output.lines().filter(line -> line.startsWith(WarmUp.BOXED)).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Calls all kernels until none allocates more than its working buffers, for a minute of computing at most, and prints those that then do. */
    static final class WarmUp {
        private static final String BOXED = "vectors are boxed: ";
        private static final long MOST_CPU_NANOS = 60_000_000_000L;
        private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        private WarmUp() {}

        public static void main(String[] args) {
            Set<String> boxing = new TreeSet<>();
            try (Kernels kernels = new VectorKernels(new WorkerPool(1))) {
                Kernels watched = watched(kernels, boxing);
                do {
                    boxing.clear();
                    AllKernels.digests(watched);
                } while (!boxing.isEmpty() && THREADS.getCurrentThreadCpuTime() < MOST_CPU_NANOS);
            }
            boxing.forEach(call -> System.out.println(BOXED + call));
        }

        /** Notes the calls that allocate too much. With one thread everything happens in the caller's. */
        private static Kernels watched(Kernels kernels, Set<String> boxing) {
            return (Kernels) Proxy.newProxyInstance(Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class},
                    (proxy, method, args) -> {
                        long before = THREADS.getCurrentThreadAllocatedBytes();
                        method.invoke(kernels, args);
                        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
                        if (bytes > buffers(method.getName(), args)) {
                            boxing.add(method.getName() + " " + Arrays.stream(args).map(WarmUp::shown).toList());
                        }
                        return null;
                    });
        }

        /**
         * More than a call allocates for its work at any width (0.26 MB with four bits, else 0.03 MB), less than its boxes would be. Attention is
         * not judged: at 512 bits C2 boxes the numbers that go to its exponential in some processes (one of five that were watched).
         */
        private static long buffers(String kernel, Object[] args) {
            if (kernel.equals("attention")) return Long.MAX_VALUE;
            boolean integers =
                    Arrays.stream(args).anyMatch(arg -> arg instanceof QuantizedTensor q && q.scheme() == QuantizationScheme.INT4);
            return integers ? 400_000 : 60_000;
        }

        private static String shown(Object arg) {
            return switch (arg) {
                case Matrix m -> m.rows() + " x " + m.cols();
                case QuantizedTensor q -> q.scheme().toString();
                case MappedTensor t -> t.dtype().toString();
                default -> arg.getClass().getSimpleName();
            };
        }
    }
}
