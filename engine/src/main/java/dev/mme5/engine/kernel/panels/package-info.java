/**
 * Matrix products of float activations with weights in panels of 32 output rows. Start with
 * {@link dev.mme5.engine.kernel.panels.PanelMatmul}, which explains the loop nest: tokens are turned once ({@code TurnedTokens}), in
 * groups of at most as many as a register tile takes ({@code TokenGroups}), and the tiles ({@code PanelTiles}) read the weights in one
 * stream. Panels in arrays have a loop nest of their own, {@code ArrayMatmul}. The sources of the tiles are written by
 * {@code TileSource} among the tests.
 */
package dev.mme5.engine.kernel.panels;
