package dev.mme5.cli.input;

import dev.mme5.engine.Input;

/**
 * A query of a search.
 *
 * @param label the text as typed, or the image's path
 * @param isImage whether the query is an image
 * @param input the input to embed
 */
public record SearchQuery(String label, boolean isImage, Input input) {}
