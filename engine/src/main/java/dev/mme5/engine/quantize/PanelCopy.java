package dev.mme5.engine.quantize;

import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.RandomAccessSafetensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/** Writes a matrix of floats in panels, some panels at a time; no bit of a weight changes. */
final class PanelCopy {
    /** Weights in a task. */
    private static final int TASK = 1 << 18;

    private PanelCopy() {}

    /** @param progress receives the bytes of each finished piece of the source, on any thread */
    static void write(MappedTensor source, RandomAccessSafetensorsWriter file, WorkerPool pool, LongConsumer progress) throws IOException {
        int panels = PanelTensor.count(source.rows());
        int panelBytes = Math.toIntExact(source.rowBytes() * PanelTensor.ROWS);
        int taskPanels = Math.clamp(TASK / (source.cols() * PanelTensor.ROWS), 1, panels);
        try {
            pool.forEach(Math.ceilDiv(panels, taskPanels), task -> {
                int from = task * taskPanels;
                int to = Math.min(panels, from + taskPanels);
                byte[] bytes = new byte[Math.multiplyExact(to - from, panelBytes)];
                PanelTensor.pack(source, from, to, MemorySegment.ofArray(bytes));
                try {
                    file.write(source.name(), (long) from * panelBytes, ByteBuffer.wrap(bytes));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                progress.accept(
                        (Math.min((long) to * PanelTensor.ROWS, source.rows()) - (long) from * PanelTensor.ROWS) * source.rowBytes());
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
