package dev.mme5.engine.kernel.panels;

import dev.mme5.engine.kernel.api.Matrix;
import dev.mme5.engine.kernel.gemm.Int8Panels;
import dev.mme5.engine.kernel.panels.tiles.Int8Columns;
import dev.mme5.engine.kernel.panels.tiles.PanelTiles;
import dev.mme5.engine.kernel.pool.RetainedFloats;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizedTensor;

/**
 * Multiplies some panels with all tokens: {@link PanelMatmul} explains the order.
 *
 * @param nextPanel which this thread probably computes after this task, or -1
 */
record PanelTask(PanelProduct product, Buffers buffers, int fromPanel, int toPanel, int nextPanel) {
    private static final int ROWS = PanelTensor.ROWS;
    private static final int MAX_TOKENS = PanelTiles.MAX_TOKENS;

    /** Most panels in a task for many tokens: the more panels, the fewer times the tokens are read. */
    static final int MAX_PANELS = 8;

    /** Most groups of tokens: {@link WideMatmul} takes more. */
    static final int MAX_GROUPS = 16;

    private static final float[] ZEROS = new float[ROWS];

    /** Working buffers of one task: 0.2 MB. */
    static final class Buffers {
        private final float[] sums = new float[MAX_PANELS * MAX_GROUPS * MAX_TOKENS * ROWS]; // [panels, tokens, ROWS]
        private final float[] tile = new float[MAX_TOKENS * ROWS];
        private final float[] columnSums = new float[PanelTiles.MAX_COLUMN_TOKENS * ROWS];
        private final float[] rowScales = new float[ROWS];
        private final RetainedFloats scales = new RetainedFloats();

        /** Of no meaning; reading weights ahead is not dropped by the compiler only because it has a result. */
        private int touched;
    }

    void run() {
        PackedTokens x = product.x();
        PanelSource weight = product.weight();
        ColumnBlocks blocks = product.blocks();
        int cols = weight.cols();
        int groups = x.groups().groups();
        int tokens = x.groups().tokens();
        int k = 0;
        do { // once even for 0 columns, so that out is set to zero
            int depth = blocks.depth(k);
            boolean last = k + depth == cols;
            for (int panel = fromPanel; panel < toPanel; panel++) {
                boolean nextBlock = panel + 1 == toPanel;
                int aheadPanel = !nextBlock ? panel + 1 : !last ? fromPanel : nextPanel;
                int aheadK = !nextBlock ? k : !last ? k + depth : 0;
                ColumnBlocks.Ahead ahead = aheadPanel < 0 ? blocks.nothing() : blocks.ahead(k, aheadK);
                long first = aheadPanel < 0 ? 0 : weight.offset(aheadPanel, aheadK);
                PanelColumns columns = columns(panel, k, depth, ahead);
                for (int group = 0; group < groups; group++) {
                    int sums = ((panel - fromPanel) * tokens + x.groups().first(group)) * ROWS;
                    int reader = product.readers() - (groups - group);
                    // What is read too early drives what is needed now out of the first-level cache, so the last tiles read.
                    if (k == 0) tile(columns, panel, group, ZEROS, 0, 0, last, sums, first, reader);
                    else tile(columns, panel, group, buffers.sums, sums, ROWS, last, sums, first, reader);
                }
            }
            k += depth;
        } while (k < cols);
    }

    /** Some columns of a panel, for several tiles. */
    private PanelColumns columns(int panel, int k, int depth, ColumnBlocks.Ahead ahead) {
        PanelSource weight = product.weight();
        long offset = weight.offset(panel, k);
        float[] scales = null;
        if (weight.type() == PanelSource.Type.INT8) {
            int from = k / Int8Panels.GROUP;
            int to = Math.ceilDiv(k + depth, Int8Panels.GROUP);
            scales = buffers.scales.atLeast((to - from) * ROWS);
            QuantizedTensor codes = (QuantizedTensor) weight.weight();
            boolean whole = PanelColumns.takesWholeColumns(weight.type(), product.x().groups().size(0));
            if (whole) Int8Columns.scales(codes, panel, from, to, buffers.rowScales, scales);
            else Int8Panels.scales(codes, panel, from, to, buffers.rowScales, scales);
        }
        return new PanelColumns(weight.type(), weight.bytes(), offset, scales, buffers.columnSums, k, depth, ahead);
    }

    /**
     * Multiplies some columns of a panel with a group of tokens.
     *
     * @param in sums before
     * @param last whether these are the last columns, and the results go to out; else they go to the sums of the buffers
     * @param next where the block to read ahead begins
     * @param reader number of the tile among those that read ahead; negative if it does not
     */
    private void tile(PanelColumns columns, int panel, int group, float[] in, int inOffset, int inStride, boolean last, int sums,
            long next, int reader) {
        PackedTokens x = product.x();
        Matrix out = product.out();
        int first = x.groups().first(group);
        int tokens = x.groups().size(group);
        int xOffset = x.offset() + first * product.weight().cols() + columns.k() * tokens;
        if (!last) {
            buffers.touched +=
                    columns.multiply(tokens, x.floats(), xOffset, in, inOffset, inStride, buffers.sums, sums, ROWS, next, reader);
            return;
        }
        int width = Math.min(ROWS, out.cols() - panel * ROWS);
        int target = out.offset() + first * out.cols() + panel * ROWS;
        if (width == ROWS) {
            buffers.touched +=
                    columns.multiply(tokens, x.floats(), xOffset, in, inOffset, inStride, out.data(), target, out.cols(), next, reader);
            return;
        }
        buffers.touched += columns.multiply(tokens, x.floats(), xOffset, in, inOffset, inStride, buffers.tile, 0, ROWS, next, reader);
        for (int i = 0; i < tokens; i++) {
            System.arraycopy(buffers.tile, i * ROWS, out.data(), target + i * out.cols(), width);
        }
    }
}
