package dev.mme5.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.testing.ClassPathJvm;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A kernel that a compiler gives up on, or whose vectors are boxed, is up to a thousand times slower and gives the right result. C1 runs
 * out of virtual registers on large vector methods, the JVM never compiles methods of more than 8,000 bytecodes, and vectors are boxed
 * where a helper that takes or returns them is not inlined. Boxed vectors are allocated, which is what the tests measure.
 *
 * <p>What C2 inlines depends on what was compiled before. The child JVMs therefore compile in the calling thread
 * ({@code -Xbatch}) and run one thread, so that the order of compilations, and the verdict, is the same in every run.
 */
@Tag("thorough")
@Execution(ExecutionMode.CONCURRENT)   // children of one thread, for more than two minutes in all
class CompilerTiersTest {
    @ParameterizedTest
    @ValueSource(ints = {16, 32, 64})
    void noKernelIsSkippedByACompilerAndNoVectorIsBoxed(int bytes) throws IOException, InterruptedException {
        List<String> output = warmUp("rows", List.of("-XX:MaxVectorSize=" + bytes));

        assertThat(output).as("compiled kernels").anyMatch(line -> line.contains("TwoVectorMicroKernel::rows"))
                .anyMatch(line -> line.contains("near.ChunkTiles11To12::tokens12") || line.contains("near.ChunkTiles6To8::tokens6"))
                .anyMatch(line -> line.contains("FloatWeightPacker::"));
        assertThat(output).filteredOn(line -> line.contains("dev.mme5.engine.kernel") && line.contains("COMPILE SKIPPED")).isEmpty();
        assertThat(output).filteredOn(line -> line.startsWith(WarmUp.BOXED)).isEmpty();
    }

    /** In a process that warms up the kernels for rows too, tiles of panels boxed their sums for life until those shared their tiles. */
    @ParameterizedTest
    @ValueSource(ints = {16, 32, 64})
    void noTileOfPanelsIsSkippedAndNoVectorOfItIsBoxed(int bytes) throws IOException, InterruptedException {
        List<String> output = warmUp("both", List.of("-XX:MaxVectorSize=" + bytes));

        assertThat(output).as("compiled kernels").anyMatch(line -> line.contains("tiles.Bf16Tiles") || line.contains("tiles.StepBf16Tiles"))
                .anyMatch(line -> line.contains("tiles.ArrayTiles") || line.contains("tiles.AheadChunkTiles"))
                .anyMatch(line -> line.contains("near.ChunkTiles"))
                .anyMatch(line -> line.contains("WeightPacker::widenBf16"));
        assertThat(output).filteredOn(line -> line.contains("dev.mme5.engine.kernel") && line.contains("COMPILE SKIPPED")).isEmpty();
        assertThat(output).filteredOn(line -> line.startsWith(WarmUp.BOXED)).isEmpty();
    }

    /** The measurement notices boxes: here a helper is kept from being inlined. */
    @Test
    void aHelperThatIsNotInlinedIsReported() throws IOException, InterruptedException {
        List<String> output = warmUp("rows", List.of("-XX:CompileCommand=quiet", "-XX:CompileCommand=dontinline,*VectorMath::erfNearZero"));

        assertThat(output).anyMatch(line -> line.startsWith(WarmUp.BOXED + "gelu"))
                .noneMatch(line -> line.startsWith(WarmUp.BOXED + "matmul"));
    }

    private static List<String> warmUp(String kernels, List<String> options) throws IOException, InterruptedException {
        List<String> all =
                new ArrayList<>(List.of("--add-modules", "jdk.incubator.vector", "-Xmx512m", "-Xbatch", "-XX:+PrintCompilation"));
        all.addAll(options);
        return ClassPathJvm.run(WarmUp.class, all, kernels).out().lines().toList();
    }

    /** Calls all kernels until none allocates more than its working buffers, or for a number of rounds, and prints those that still do. */
    static final class WarmUp {
        private static final String BOXED = "vectors are boxed: ";
        private static final int MAX_ROUNDS = 150;
        private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        private WarmUp() {}

        public static void main(String[] args) {
            Set<String> boxing = new TreeSet<>();
            try (Kernels kernels = new VectorKernels(new WorkerPool(1))) {
                Kernels watched = watched(kernels, boxing);
                int round = 0;
                do {
                    boxing.clear();
                    AllKernels.withoutPanels(watched);
                    if (args[0].equals("both")) AllKernels.ofPanels(watched);
                    round++;
                } while (!boxing.isEmpty() && round < MAX_ROUNDS);
            }
            boxing.forEach(call -> System.out.println(BOXED + call));
        }

        /** Records the calls that allocate too much. With one thread, all work is done in the calling thread. */
        private static Kernels watched(Kernels kernels, Set<String> boxing) {
            return (Kernels) Proxy.newProxyInstance(Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class},
                    (proxy, method, args) -> {
                        long before = THREADS.getCurrentThreadAllocatedBytes();
                        method.invoke(kernels, args);
                        long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
                        if (bytes > maxBufferBytes(method.getName(), args)) {
                            boxing.add(method.getName() + " " + Arrays.stream(args).map(WarmUp::describe).toList());
                        }
                        return null;
                    });
        }

        /** More than a call allocates for its working buffers at any width, less than its boxes would be. */
        private static long maxBufferBytes(String kernel, Object[] args) {
            if (kernel.equals("attention")) return 320_000;
            boolean integers =
                    Arrays.stream(args).anyMatch(arg -> arg instanceof QuantizedTensor q && q.scheme() == QuantizationScheme.INT4);
            return integers ? 400_000 : 60_000;
        }

        private static String describe(Object arg) {
            return switch (arg) {
                case Matrix m -> m.rows() + " x " + m.cols();
                case QuantizedTensor q -> q.scheme().toString();
                case MappedTensor t -> t.dtype().toString();
                case PanelTensor t -> t.dtype() + " panels";
                case List<?> list -> list.stream().map(WarmUp::describe).toList().toString();
                default -> arg.getClass().getSimpleName();
            };
        }
    }
}
