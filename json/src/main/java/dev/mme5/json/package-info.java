/**
 * JSON: values, a strict reader, a writer, and typed getters whose refusals name file, location, expected and found.
 *
 * <p>Start with {@link dev.mme5.json.JsonReader}: it reads a file into a tree of {@link dev.mme5.json.Json} values. {@link
 * dev.mme5.json.JsonObject} and {@link dev.mme5.json.JsonArray} have the typed getters; {@link dev.mme5.json.JsonWriter} writes.
 *
 * <p>{@link dev.mme5.json.ModelFormatException} is the refusal of all modules that read files of a model, and {@link
 * dev.mme5.json.SafeText} sanitises untrusted names in every message.
 */
package dev.mme5.json;
