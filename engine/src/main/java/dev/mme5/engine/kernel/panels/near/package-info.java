/**
 * The register tiles of {@link dev.mme5.engine.kernel.panels.tiles} without reading ahead: start at
 * {@link dev.mme5.engine.kernel.panels.near.NearTiles}. All other sources are written by {@code TileSource} among the tests.
 */
package dev.mme5.engine.kernel.panels.near;
