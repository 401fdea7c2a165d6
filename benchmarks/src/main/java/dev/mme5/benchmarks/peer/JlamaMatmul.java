package dev.mme5.benchmarks.peer;

import com.github.tjake.jlama.tensor.BFloat16BufferTensor;
import com.github.tjake.jlama.tensor.FloatBufferTensor;
import com.github.tjake.jlama.tensor.operations.PanamaTensorOperations;
import com.github.tjake.jlama.tensor.operations.TensorOperations;
import com.github.tjake.jlama.util.MachineSpec;
import dev.mme5.benchmarks.subject.BenchmarkSubject;
import dev.mme5.benchmarks.subject.MatmulInputs;
import dev.mme5.benchmarks.subject.MatmulShape;
import dev.mme5.benchmarks.subject.Workload;
import dev.mme5.engine.kernel.api.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Jlama's matmul without its native library, float32 by bfloat16, split over threads as Jlama's models do. */
final class JlamaMatmul implements BenchmarkSubject {
    private final MatmulInputs inputs;
    private final PeerThreads peerThreads;
    private final TensorOperations operations = new PanamaTensorOperations(MachineSpec.VECTOR_TYPE);
    private final FloatBufferTensor x;
    private final BFloat16BufferTensor weight;
    private final FloatBufferTensor out;

    JlamaMatmul(MatmulInputs inputs, int threads) {
        MatmulShape shape = inputs.shape();
        this.inputs = inputs;
        peerThreads = new PeerThreads(threads);
        x = new FloatBufferTensor(shape.tokens(), shape.in());
        weight = new BFloat16BufferTensor(shape.out(), shape.in());
        out = new FloatBufferTensor(shape.tokens(), shape.out());
        x.getMemorySegment().copyFrom(MemorySegment.ofArray(inputs.x().toArray()));
        weight.getMemorySegment().copyFrom(inputs.weight().bytes());
    }

    @Override
    public String implementation() {
        return "jlama";
    }

    @Override
    public void run() {
        int in = inputs.shape().in();
        peerThreads.run(inputs.shape().out(), (from, count) -> operations.batchDotProduct(out, x, weight, 0, 0, in, 0, from, count));
    }

    @Override
    public void check() {
        float[] values = out.getMemorySegment().toArray(ValueLayout.JAVA_FLOAT);
        inputs.check(new Matrix(values, 0, inputs.shape().tokens(), inputs.shape().out()));
    }

    @Override
    public Workload workload() {
        return inputs.shape().workload();
    }

    @Override
    public void close() {
        peerThreads.close();
    }
}
