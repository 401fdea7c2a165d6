/**
 * Images to tiles: {@link dev.mme5.engine.family.mllama.tiling.MllamaImageProcessor} resizes an image to the grid of tiles that
 * fits it best, as preprocessor_config.json says, and gives a {@link dev.mme5.engine.family.mllama.tiling.TiledImage}.
 */
package dev.mme5.engine.family.mllama.tiling;
