package dev.mme5.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.KernelChoice;
import dev.mme5.engine.Options;
import dev.mme5.engine.testing.ClassPathJvm;
import dev.mme5.engine.testing.Golden;
import dev.mme5.engine.testing.WithoutVectorModule;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelSelectionTest {
    private static final Path FOLDER = Golden.read("a-bf16-hub").folder();

    @ParameterizedTest
    @CsvSource({"AUTO, vector", "VECTOR, vector", "SCALAR, scalar"})
    void theModelTellsWhichKernelsItHas(KernelChoice choice, String kernels) {
        try (EmbeddingModel model = EmbeddingModel.open(FOLDER, Options.defaults().withKernels(choice))) {
            assertThat(model.kernels()).startsWith(kernels);
        }
    }

    @Test
    void withoutTheModuleAutoIsScalarWithOneWarningAndVectorIsRefusedInTheSameWords() throws Exception {
        ClassPathJvm.Output output = ClassPathJvm.run(WithoutVectorModule.class, List.of());

        String advice = "the vector kernels need the JVM option --add-modules jdk.incubator.vector; without it mme5 is many times slower";
        String[] lines = output.out().split("\n");
        assertThat(lines).hasSize(3);
        assertThat(lines[0]).startsWith("scalar");
        assertThat(lines[1]).isEqualTo("7");
        assertThat(lines[2]).isEqualTo("dev.mme5.engine.UnsuitableMachineException: " + advice);
        assertThat(output.err()).containsOnlyOnce(advice);
    }

    /** What the JVM says of itself is no interface, so that a new Java may say something else. */
    @ParameterizedTest
    @CsvSource({"-XX:TieredStopAtLevel=4, true", "-XX:TieredStopAtLevel=1, false", "-Xint, false"})
    void aJvmWithoutItsOptimizingCompilerIsRecognized(String option, boolean isOptimizing) throws Exception {
        String vmInfo = ClassPathJvm.run(VmInfo.class, List.of(option)).out().strip();

        assertThat(KernelSelection.isOptimizing(vmInfo)).as(vmInfo).isEqualTo(isOptimizing);
    }

    /** Where nobody reads copies of weights, no memory is reserved for them. */
    @ParameterizedTest
    @CsvSource({"-XX:TieredStopAtLevel=4, false true true", "-XX:TieredStopAtLevel=1, false false true"})
    void withoutTheOptimizingCompilerOnlyVectorKernelsThatWereAskedForAreVector(String option, String expected) throws Exception {
        List<String> options = List.of(option, "--add-modules", "jdk.incubator.vector");

        assertThat(ClassPathJvm.run(IsVector.class, options).out().strip()).isEqualTo(expected);
    }

    /** Prints which policies give vector kernels: REFERENCE, AUTO, VECTOR. */
    static final class IsVector {
        private IsVector() {}

        public static void main(String[] args) {
            System.out.println(KernelSelection.isVector(KernelSelection.Policy.REFERENCE) + " "
                    + KernelSelection.isVector(KernelSelection.Policy.AUTO) + " "
                    + KernelSelection.isVector(KernelSelection.Policy.VECTOR));
        }
    }

    /** Prints how the JVM compiles. */
    static final class VmInfo {
        private VmInfo() {}

        public static void main(String[] args) {
            System.out.println(System.getProperty("java.vm.info"));
        }
    }
}
