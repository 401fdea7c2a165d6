package dev.mme5.engine.nn;

import dev.mme5.engine.kernel.api.Kernels;
import dev.mme5.engine.kernel.api.Matrix;

/** One vector for every sequence of packed rows. */
public enum SequencePooling {
    /** The mean of its rows, added in order. */
    MEAN {
        @Override
        public Matrix forward(Matrix x, PackedSequences s, Kernels kernels) {
            Matrix means = Matrix.zeros(s.count(), x.cols());
            for (int sequence = 0; sequence < s.count(); sequence++) {
                Matrix sum = Matrix.zeros(1, x.cols());
                for (int row = s.from(sequence); row < s.to(sequence); row++) kernels.addScaled(sum, 1, x.rows(row, row + 1));
                kernels.addScaled(means.rows(sequence, sequence + 1), 1f / s.length(sequence), sum);
            }
            return means;
        }
    },

    /** Its first row. */
    FIRST {
        @Override
        public Matrix forward(Matrix x, PackedSequences s, Kernels kernels) {
            Matrix first = Matrix.zeros(s.count(), x.cols());
            for (int sequence = 0; sequence < s.count(); sequence++) first.copyRow(x, s.from(sequence), sequence);
            return first;
        }
    };

    /** Pools x [tokens, width] to [sequences, width]. */
    public abstract Matrix forward(Matrix x, PackedSequences s, Kernels kernels);
}
