/**
 * Vector loops over single rows: elementwise operations and norms in {@link dev.mme5.engine.kernel.rows.VectorRows}, sums over a row in
 * {@link dev.mme5.engine.kernel.rows.RowSums}, exp, erf, SiLU and GELU in {@link dev.mme5.engine.kernel.rows.VectorMath}.
 */
package dev.mme5.engine.kernel.rows;
