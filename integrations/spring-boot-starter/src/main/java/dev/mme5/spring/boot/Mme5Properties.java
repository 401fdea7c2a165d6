package dev.mme5.spring.boot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.document.MetadataMode;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The properties {@code spring.ai.mme5.*}.
 *
 * @param model folder of a model, or ORG/NAME or ORG/NAME@REV of one that is in the Hugging Face cache; the default is the model of
 *     mme5-model-mini, if that is a dependency
 * @param threads threads that compute; the default is all processors
 * @param maxTokens longest input in tokens; the default is the limit of the model
 * @param refuseTooLong whether a longer input is refused instead of cut off
 * @param maxPixels largest image in pixels
 * @param applyExif whether images are rotated by their EXIF orientation
 * @param dropDuplicateBos whether a prompt begins with one begin-of-text token where the reference gives two
 * @param imageCache heap for the states of images, for later prompts about the same image; the default is an eighth of the heap
 * @param prefixCache heap for keys and values of beginnings of texts that come again, such as an instruction; the default is a sixteenth of
 *     the heap, 0 is none
 * @param verify whether the weights are compared with their recorded SHA-256 at the start
 * @param maxWait how long a call may wait for others before it fails with BusyException; the default is as long as it takes
 * @param maxWaiting how many calls may wait before another one fails with BusyException; 0 for any number
 * @param warmUp whether the start includes a pass that compiles the kernels, so that the first request is fast
 * @param shutdownTimeout how long a stop of the application waits for running calls; then they fail
 * @param requireVector whether the application fails to start if the JVM was started without the module jdk.incubator.vector; otherwise
 *     there is one warning and mme5 is many times slower
 * @param dimensions how many numbers a vector has; the default is all of the model
 * @param queryInstruction words in front of queries, or around them if they contain {text}; the default is the prompt that the model names
 * @param documentInstruction words in front of documents without an image, or around them if they contain {text}; the default is the prompt
 *     that the model names
 * @param metadataMode which metadata of a document are embedded with its text
 * @param imageFolders folders below which documents may name image files; none by default
 */
@ConfigurationProperties("spring.ai.mme5")
public record Mme5Properties(
        @Nullable String model,
        @Nullable Integer threads,
        @Nullable Integer maxTokens,
        @DefaultValue("false") boolean refuseTooLong,
        @DefaultValue("178956970") long maxPixels,
        @DefaultValue("false") boolean applyExif,
        @DefaultValue("false") boolean dropDuplicateBos,
        @Nullable DataSize imageCache,
        @Nullable DataSize prefixCache,
        @DefaultValue("false") boolean verify,
        @Nullable Duration maxWait,
        @DefaultValue("0") int maxWaiting,
        @DefaultValue("false") boolean warmUp,
        @DefaultValue("30s") Duration shutdownTimeout,
        @DefaultValue("false") boolean requireVector,
        @Nullable Integer dimensions,
        @Nullable String queryInstruction,
        @Nullable String documentInstruction,
        @DefaultValue("none") MetadataMode metadataMode,
        @DefaultValue List<Path> imageFolders) {}
