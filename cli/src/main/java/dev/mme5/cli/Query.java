package dev.mme5.cli;

import dev.mme5.engine.Input;

/**
 * What is searched for.
 *
 * @param shown the text as typed, or the picture's path
 * @param picture whether it is a picture
 * @param input what is embedded
 */
record Query(String shown, boolean picture, Input input) {}
