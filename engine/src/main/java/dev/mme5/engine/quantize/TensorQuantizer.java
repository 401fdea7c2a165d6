package dev.mme5.engine.quantize;

import dev.mme5.engine.kernel.pool.WorkerPool;
import dev.mme5.json.ModelFormatException;
import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizationScheme;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.RandomAccessSafetensorsWriter;
import dev.mme5.weights.WeightFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Quantises one tensor to integers and scales, some rows at a time. The scale of a row is the largest scale of its groups divided by 127;
 * the scales of groups are stored as multiples of it. Weights are rounded last, with the stored scales.
 */
final class TensorQuantizer {
    /** Weights in a task. */
    private static final int TASK = 1 << 18;

    private static final int MAX_SCALE_CODE = 127;

    private final QuantizationScheme scheme;
    private final boolean panels;
    private final MappedTensor source;
    private final float[] importance;
    private final int groups;
    private final byte[] scales;
    private final float[] rowScales;
    private double error;
    private double plainError;
    private double energy;

    /**
     * Squared errors of outputs, in units of the squared outputs.
     *
     * @param error of what was stored
     * @param plainError of plain rounding to the nearest
     * @param energy of the weights themselves
     */
    record Errors(double error, double plainError, double energy) {}

    /** @param importance of each column, [cols] */
    TensorQuantizer(MappedTensor source, WeightFormat format, float[] importance) {
        this.source = source;
        this.scheme = format.scheme();
        this.panels = format.panels();
        this.importance = importance;
        this.groups = scheme.groups(source.cols());
        this.scales = new byte[Math.multiplyExact(groups, source.rows())];
        this.rowScales = new float[source.rows()];
    }

    /** @param progress receives the bytes of each finished piece of the source, on any thread */
    Errors write(RandomAccessSafetensorsWriter file, WorkerPool pool, LongConsumer progress) throws IOException {
        int taskRows = Math.clamp(TASK / source.cols(), 1, source.rows());
        if (panels) taskRows = Math.ceilDiv(taskRows, PanelTensor.ROWS) * PanelTensor.ROWS;
        int rows = taskRows;
        try {
            pool.forEach(Math.ceilDiv(source.rows(), rows), task -> {
                int from = task * rows;
                int to = Math.min(source.rows(), from + rows);
                try {
                    new Rows(from, to).write(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                progress.accept((to - from) * source.rowBytes());
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        file.write(source.name() + QuantizationScheme.SCALES, 0, ByteBuffer.wrap(scales));
        ByteBuffer floats = ByteBuffer.allocate(rowScales.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        floats.asFloatBuffer().put(rowScales);
        file.write(source.name() + QuantizationScheme.ROW_SCALES, 0, floats);
        return new Errors(error, plainError, energy);
    }

    private synchronized void add(Errors part) {
        error += part.error;
        plainError += part.plainError;
        energy += part.energy;
    }

    /** Some rows. */
    private final class Rows {
        private final int from;
        private final int to;
        private final int cols = source.cols();
        private final float[] values;
        private final float[] found;

        Rows(int from, int to) {
            this.from = from;
            this.to = to;
            values = new float[(to - from) * cols];
            found = new float[(to - from) * groups];
        }

        void write(RandomAccessSafetensorsWriter file) throws IOException {
            for (int row = from; row < to; row++) {
                int at = (row - from) * cols;
                source.widen(row, values, at);
                requireFinite(row, at);
            }
            double plain = search();
            for (int row = from; row < to; row++) storeScales(row);
            encode(file, plain);
        }

        private void requireFinite(int row, int at) {
            for (int i = at; i < at + cols; i++) {
                if (!Float.isFinite(values[i])) {
                    throw new ModelFormatException(
                            source.file(), source.name(), "row " + row + " holds " + values[i] + ", which cannot be quantised");
                }
            }
        }

        /** The best scale of every group; returns the squared error of plain rounding. */
        private double search() {
            ScaleSearch search = new ScaleSearch(scheme);
            double plain = 0;
            for (int first = 0; first < found.length; first += ScaleSearch.LANES) {
                int lanes = Math.min(ScaleSearch.LANES, found.length - first);
                for (int lane = 0; lane < ScaleSearch.LANES; lane++) fill(search, lane, lane < lanes ? first + lane : -1);
                search.run();
                System.arraycopy(search.scales, 0, found, first, lanes);
                for (int lane = 0; lane < lanes; lane++) plain += search.plainErrors[lane];
            }
            return plain;
        }

        /** @param index counts the groups of these rows; -1 for none */
        private void fill(ScaleSearch search, int lane, int index) {
            int col = index < 0 ? cols : index % groups * scheme.group();
            int at = index < 0 ? 0 : index / groups * cols;
            for (int k = 0; k < scheme.group(); k++, col++) {
                search.weights[k][lane] = col < cols ? values[at + col] : 0;
                search.importance[k][lane] = col < cols ? importance[col] : 0;
            }
        }

        private void storeScales(int row) {
            int at = (row - from) * groups;
            float largest = 0;
            for (int group = 0; group < groups; group++) largest = Math.max(largest, Math.abs(found[at + group]));
            rowScales[row] = largest / MAX_SCALE_CODE;
            if (!(rowScales[row] <= scheme.maxRowScale())) {
                throw new ModelFormatException(
                        source.file(), source.name(), "row " + row + " holds weights that are too large to be quantised");
            }
            for (int group = 0; group < groups; group++) {
                float scale = found[at + group];
                int code = scale == 0 || rowScales[row] == 0 ? 0 : Math.round(scale / rowScales[row]);
                if (code == 0 && scale != 0) code = (int) Math.signum(scale);
                scales[group * source.rows() + row] = (byte) Math.clamp(code, -MAX_SCALE_CODE, MAX_SCALE_CODE);
            }
        }

        private void encode(RandomAccessSafetensorsWriter file, double plain) throws IOException {
            int rowBytes = Math.toIntExact(new WeightFormat(scheme, panels).shape(1, cols).elements()); // of a row or of a panel
            byte[] bytes = new byte[(panels ? PanelTensor.count(to - from) : to - from) * rowBytes];
            if (panels && scheme == QuantizationScheme.INT4) Arrays.fill(bytes, (byte) (QuantizedTensor.INT4_ZERO * 0x11));
            double wrong = 0;
            double whole = 0;
            for (int row = from; row < to; row++) {
                int at = (row - from) * cols;
                for (int group = 0; group < groups; group++) {
                    float scale = scales[group * source.rows() + row] * rowScales[row];
                    float inverse = scale == 0 ? 0 : 1 / scale;
                    int end = Math.min(cols, (group + 1) * scheme.group());
                    for (int col = group * scheme.group(); col < end; col++) {
                        float value = values[at + col];
                        int code = Math.clamp((int) Math.rint(value * inverse), scheme.minCode(), scheme.maxCode());
                        put(bytes, rowBytes, row - from, col, code);
                        double difference = value - code * scale;
                        wrong += importance[col] * difference * difference;
                        whole += (double) importance[col] * value * value;
                    }
                }
            }
            file.write(source.name(), (long) (panels ? from / PanelTensor.ROWS : from) * rowBytes, ByteBuffer.wrap(bytes));
            add(new Errors(wrong, plain, whole));
        }

        private void put(byte[] bytes, int rowBytes, int row, int col, int code) {
            int panel = row / PanelTensor.ROWS * rowBytes;
            int inPanel = row % PanelTensor.ROWS;
            if (scheme == QuantizationScheme.INT8) {
                bytes[panels ? panel + col * PanelTensor.ROWS + inPanel : row * rowBytes + col] = (byte) code;
                return;
            }
            int at = panels ? panel + PanelTensor.int4Byte(inPanel, col) : row * rowBytes + col / 2;
            int zero = panels ? QuantizedTensor.INT4_ZERO : 0; // what the byte holds before
            bytes[at] ^= (byte) ((code + QuantizedTensor.INT4_ZERO ^ zero) << col % 2 * 4);
        }
    }
}
