package dev.mme5.engine.runtime;

import dev.mme5.engine.failure.Failure;
import dev.mme5.engine.kernel.TieredKernels;
import dev.mme5.engine.kernel.VectorKernels;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
import java.lang.System.Logger.Level;

/**
 * The kernels of a model, chosen once, where it is opened.
 *
 * @param policy what was chosen: never {@link Policy#AUTO}
 */
public record KernelSelection(Policy policy, Kernels kernels) {
    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final String LOGGER = "dev.mme5.engine.EmbeddingModel";
    private static final String ADVICE =
            "the vector kernels need the JVM option --add-modules " + VECTOR_MODULE + "; without it mme5 is many times slower";

    /** Which kernels to use. */
    public enum Policy {
        /** The vector kernels where their module is there, else the reference kernels and a warning. */
        AUTO,
        /** The vector kernels, or none. */
        VECTOR,
        /** The reference kernels. */
        REFERENCE
    }

    /** @throws Failure.Unsuitable when vector kernels are asked for and their module is missing */
    public static KernelSelection of(Policy policy, int threads) {
        // Found by name only: without the module, the classes that use it must not even be loaded.
        boolean vectorModule = ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
        return switch (policy) {
            case REFERENCE -> reference();
            case VECTOR -> {
                if (!vectorModule) throw new Failure.Unsuitable(ADVICE);
                yield new KernelSelection(Policy.VECTOR, new VectorKernels(new WorkerPool(threads)));
            }
            case AUTO -> {
                if (vectorModule) yield new KernelSelection(Policy.VECTOR, tiered(new WorkerPool(threads)));
                System.getLogger(LOGGER).log(Level.WARNING, ADVICE);
                yield reference();
            }
        };
    }

    private static Kernels tiered(WorkerPool pool) {
        return isOptimizing() ? new TieredKernels(pool) : TieredKernels.withoutVectors(pool);
    }

    private static boolean isOptimizing() {
        return isOptimizing(System.getProperty("java.vm.info", ""));
    }

    /** Whether the JVM compiles with C2, without which vectors are boxed. HotSpot says in its version line where it is off. */
    static boolean isOptimizing(String vmInfo) {
        return !vmInfo.contains("emulated-client") && !vmInfo.contains("interpreted mode");
    }

    /** Whether kernels chosen so compute with vectors, at the latest after some work. */
    public static boolean isVector(Policy policy) {
        return switch (policy) {
            case REFERENCE -> false;
            case VECTOR -> true;
            case AUTO -> isOptimizing() && ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
        };
    }

    private static KernelSelection reference() {
        return new KernelSelection(Policy.REFERENCE, new ReferenceKernels());
    }
}
