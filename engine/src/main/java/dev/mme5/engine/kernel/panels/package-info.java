/**
 * Matrix products of float activations, computed in panels of 32 output rows. Start with
 * {@link dev.mme5.engine.kernel.panels.PanelMatmul}, for weights that lie in panels, which explains the loop nest: tokens are packed once
 * ({@code PackedTokens}), in groups of at most as many as a register tile takes ({@code TokenGroups}), and the tiles ({@code PanelTiles})
 * read the weights in one stream ({@code PanelTask} calls them). With many tokens, {@link dev.mme5.engine.kernel.panels.WideMatmul} widens
 * weights to floats once for all tokens, which are not packed ({@code TokenBlocks}). It also takes weights in rows, with any number of
 * tokens but one ({@link dev.mme5.engine.kernel.panels.RowMatmul}). Panels in arrays have loop nests of their own: {@code ArrayMatmul},
 * and {@code ChunkMatmul} for many tokens. Nearly all sources of the tiles are written by {@code TileSource} among the tests.
 */
package dev.mme5.engine.kernel.panels;
