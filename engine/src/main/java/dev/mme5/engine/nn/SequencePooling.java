package dev.mme5.engine.nn;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;
import java.util.List;

/** One vector for every sequence of packed rows. */
public enum SequencePooling {
    /** Its first row. */
    FIRST {
        @Override
        void pool(Matrix x, Matrix out, Kernels kernels) {
            out.copyRow(x, 0, 0);
        }
    },

    /** The maximum of each column. */
    MAX {
        @Override
        void pool(Matrix x, Matrix out, Kernels kernels) {
            out.copyRow(x, 0, 0);
            for (int row = 1; row < x.rows(); row++) kernels.max(out, x.rows(row, row + 1));
        }
    },

    /** The mean of its rows, added in order. */
    MEAN {
        @Override
        void pool(Matrix x, Matrix out, Kernels kernels) {
            kernels.addScaled(out, 1f / x.rows(), sum(x, kernels));
        }
    },

    /** The sum of its rows, divided by the square root of their number. */
    MEAN_SQRT_LENGTH {
        @Override
        void pool(Matrix x, Matrix out, Kernels kernels) {
            kernels.addScaled(out, (float) (1 / Math.sqrt(x.rows())), sum(x, kernels));
        }
    },

    /** The mean with the weights 1, 2, 3 and so on. */
    WEIGHTED_MEAN {
        @Override
        void pool(Matrix x, Matrix out, Kernels kernels) {
            Matrix sum = Matrix.zeros(1, x.cols());
            for (int row = 0; row < x.rows(); row++) kernels.addScaled(sum, row + 1, x.rows(row, row + 1));
            kernels.addScaled(out, (float) (2 / ((double) x.rows() * (x.rows() + 1))), sum);
        }
    },

    /** Its last row. */
    LAST {
        @Override
        void pool(Matrix x, Matrix out, Kernels kernels) {
            out.copyRow(x, x.rows() - 1, 0);
        }
    };

    /** Pools the rows of one sequence, [tokens, width], to out [1, width], which is zero. */
    abstract void pool(Matrix x, Matrix out, Kernels kernels);

    private static Matrix sum(Matrix x, Kernels kernels) {
        Matrix sum = Matrix.zeros(1, x.cols());
        for (int row = 0; row < x.rows(); row++) kernels.addScaled(sum, 1, x.rows(row, row + 1));
        return sum;
    }

    /** Pools x [tokens, width] to [sequences, modes * width]: the vectors of all modes, one after the other. */
    public static Matrix forward(List<SequencePooling> modes, Matrix x, PackedSequences s, Kernels kernels) {
        Matrix vectors = Matrix.zeros(s.count(), modes.size() * x.cols());
        for (int sequence = 0; sequence < s.count(); sequence++) {
            Matrix parts = vectors.rows(sequence, sequence + 1).reshaped(modes.size(), x.cols());
            for (int mode = 0; mode < modes.size(); mode++) {
                modes.get(mode).pool(x.rows(s.from(sequence), s.to(sequence)), parts.rows(mode, mode + 1), kernels);
            }
        }
        return vectors;
    }
}
