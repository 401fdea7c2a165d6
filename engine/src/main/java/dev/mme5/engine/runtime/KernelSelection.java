package dev.mme5.engine.runtime;

import dev.mme5.engine.EmbeddingModel;
import dev.mme5.engine.Options;
import dev.mme5.engine.kernel.TieredKernels;
import dev.mme5.engine.kernel.VectorKernels;
import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.engine.kernel.reference.ReferenceKernels;
import java.lang.System.Logger.Level;

/** Chooses the kernels once, where a model is opened. */
public final class KernelSelection {
    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final String ADVICE =
            "the vector kernels need the JVM option --add-modules " + VECTOR_MODULE + "; without it mme5 is many times slower";

    private KernelSelection() {}

    public static Kernels choose(Options options) {
        // Seen only here and by name: without the module, the classes that use it must not even be loaded.
        boolean vectorModule = ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
        return switch (options.kernels()) {
            case SCALAR -> new ReferenceKernels();
            case VECTOR -> {
                if (!vectorModule) throw new IllegalStateException(ADVICE);
                yield new VectorKernels(new WorkerPool(options.threads()));
            }
            case AUTO -> {
                if (vectorModule) yield new TieredKernels(new WorkerPool(options.threads()));
                System.getLogger(EmbeddingModel.class.getName()).log(Level.WARNING, ADVICE);
                yield new ReferenceKernels();
            }
        };
    }
}
