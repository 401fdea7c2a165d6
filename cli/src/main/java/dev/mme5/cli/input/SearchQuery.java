package dev.mme5.cli.input;

import dev.mme5.engine.Input;

/**
 * What is searched for.
 *
 * @param shown the text as typed, or the picture's path
 * @param picture whether it is a picture
 * @param input what is embedded
 */
public record SearchQuery(String shown, boolean picture, Input input) {}
