package dev.mme5.engine.kernel.api;

import dev.mme5.weights.MappedTensor;
import dev.mme5.weights.PanelTensor;
import dev.mme5.weights.QuantizedTensor;
import dev.mme5.weights.WeightMatrix;
import java.util.List;

/** Shape checks that all kernels share. Because a wrong shape is a mistake of the engine, all checks have one kind of message. */
public final class ShapeChecks {
    private ShapeChecks() {}

    public static void requireMatmul(Matrix x, WeightMatrix weight, Matrix out) {
        boolean fits = isNumeric(weight) && x.cols() == weight.cols() && x.rows() == out.rows() && out.cols() == weight.rows();
        require(fits, "matmul", x, weight, out);
    }

    public static void requireMlp(Matrix x, Projection up, Projection down, Matrix out) {
        boolean fits = x.cols() == up.weight().cols() && up.weight().rows() == down.weight().cols() && x.rows() == out.rows()
                && out.cols() == down.weight().rows();
        boolean biasesFit = (up.bias() == null || up.bias().length == up.weight().rows())
                && (down.bias() == null || down.bias().length == down.weight().rows());
        require(fits && biasesFit, "mlp", x, up.weight(), down.weight(), out);
    }

    public static void requireGather(WeightMatrix table, int[] rows, Matrix out) {
        boolean fits = isNumeric(table) && out.cols() == table.cols() && out.rows() == rows.length;
        require(fits, "rows", rows.length, table, out);
    }

    private static boolean isNumeric(WeightMatrix weight) {
        return switch (weight) {
            case MappedTensor tensor -> tensor.dtype().isFloat();
            case PanelTensor tensor -> true;
            case QuantizedTensor tensor -> true;
        };
    }

    public static void requireLength(Matrix x, float[] row) {
        require(row.length == x.cols(), "row", x, row.length);
    }

    public static void requireSame(Matrix x, Matrix y) {
        require(x.rows() == y.rows() && x.cols() == y.cols(), "pair", x, y);
    }

    public static void requireUpdate(Matrix x, Matrix update) {
        require(update.cols() == x.cols() && (update.rows() == 1 || update.rows() == x.rows()), "update", x, update);
    }

    public static void requireRotation(Matrix x, Matrix cos, Matrix sin) {
        requireSame(cos, sin);
        boolean fits = cos.rows() == x.rows() && (x.cols() == 0 || cos.cols() > 0 && x.cols() % (2 * cos.cols()) == 0);
        require(fits, "rotation", x, cos);
    }

    public static void requireAttention(Matrix q, Matrix k, Matrix v, Heads heads, AttentionMask mask, Matrix out) {
        requireSame(q, out);
        requireSame(k, v);
        boolean fits = q.cols() == heads.heads() * heads.size() && k.cols() == heads.kvHeads() * heads.size();
        require(fits, "attention", q, k, heads);
        for (int query = 0; query < q.rows(); query++) {
            boolean inRange = mask.from(query) >= 0 && mask.from(query) < mask.to(query) && mask.to(query) <= k.rows();
            require(inRange, "mask", mask.from(query), mask.to(query), k);
        }
    }

    private static void require(boolean fits, String what, Object... shapes) {
        if (!fits) throw new IllegalArgumentException("shapes do not fit: " + what + " of " + List.of(shapes));
    }
}
