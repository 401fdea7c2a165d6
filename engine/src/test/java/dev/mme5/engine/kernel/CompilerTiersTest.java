package dev.mme5.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A method that a compiler gives up on runs with every vector boxed, up to a thousand times slower, and nothing else tells of it:
 * the first compiler runs out of virtual registers somewhere beyond 2,000 bytecodes of vector code.
 */
class CompilerTiersTest {
    @ParameterizedTest
    @ValueSource(ints = {16, 32, 64})
    void noKernelIsSkippedByACompiler(int bytes) {
        String output = ChildJvm.run(WarmUp.class, List.of("-XX:MaxVectorSize=" + bytes, "-XX:+PrintCompilation"));

        List<String> kernels = output.lines().filter(line -> line.contains("dev.mme5.engine.kernel")).toList();
        assertTrue(kernels.stream().anyMatch(line -> line.contains("TileKernel::rows")), "no kernel was compiled:\n" + output);
        assertEquals(List.of(), kernels.stream().filter(line -> line.contains("COMPILE SKIPPED")).toList());
    }

    static final class WarmUp {
        private WarmUp() {}

        public static void main(String[] args) {
            AllKernels.main(new String[] {"6"});
        }
    }
}
