/**
 * The register tiles of panels: {@link dev.mme5.engine.kernel.panels.tiles.PanelTiles} explains them and their parameters. All other
 * sources but those of whole columns of 8 bits are written by {@code TileSource} among the tests.
 */
package dev.mme5.engine.kernel.panels.tiles;
