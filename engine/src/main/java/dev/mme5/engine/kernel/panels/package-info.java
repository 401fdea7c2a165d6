/**
 * Matrix products of float activations, computed in panels of 32 output rows. Start with
 * {@link dev.mme5.engine.kernel.panels.PanelMatmul}, for weights that lie in panels, which explains the loop nest: tokens are packed once
 * ({@code PackedTokens}), in groups of at most as many as a register tile takes ({@code TokenGroups}), and the tiles ({@code PanelTiles})
 * read the weights in one stream ({@code PanelTask} calls them). {@link dev.mme5.engine.kernel.panels.RowMatmul} packs weights in rows into
 * panels on the way and runs the same tiles. Panels in arrays have loop nests of their own: {@code ArrayMatmul}, and {@code ChunkMatmul}
 * for many tokens, which are not packed ({@code TokenBlocks}). The sources of the tiles are written by {@code TileSource} among the tests.
 */
package dev.mme5.engine.kernel.panels;
