/**
 * The vision encoder: {@link dev.mme5.engine.family.mllama.vision.VisionEncoder} turns the tiles of an image into features, one
 * row for every token that is computed ({@code VisionRowLayout} says which).
 */
package dev.mme5.engine.family.mllama.vision;
