package dev.mme5.engine.image.raster;

import dev.mme5.engine.failure.Refusal;
import dev.mme5.json.SafeText;

/**
 * An image cannot be used: it is missing, damaged, too large or of an unsupported kind. This is the only exception for anything
 * wrong with an image. The message is one line: {@code name: problem}.
 */
public final class ImageException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final long MB = 1 << 20;

    private final String name;
    private final Refusal reason;
    private final boolean lacksHeap;

    /**
     * @param reason what is wrong with the image
     * @param name the image as the user would find it: its path, or the caller's name for it
     * @param problem what was expected and what was found, in one line
     */
    public ImageException(Refusal reason, String name, String problem) {
        this(reason, name, problem, null);
    }

    /**
     * @param reason what is wrong with the image
     * @param name the image as the user would find it
     * @param problem what was expected and what was found, in one line
     * @param cause may be null
     */
    public ImageException(Refusal reason, String name, String problem, Throwable cause) {
        this(reason, name, problem, cause, false);
    }

    private ImageException(Refusal reason, String name, String problem, Throwable cause, boolean lacksHeap) {
        super(SafeText.line(name) + ": " + SafeText.line(problem), cause);
        this.name = name;
        this.reason = reason;
        this.lacksHeap = lacksHeap;
    }

    /** An image that needs more heap than it may take now; both sizes in bytes. */
    public static ImageException lackOfHeap(String name, long needed, long free) {
        String problem =
                "does not fit in the memory of the Java machine: decoding needs %d MB of heap, %d MB are free (raise it with -Xmx)";
        return new ImageException(Refusal.TOO_LARGE, name, problem.formatted(Math.ceilDiv(needed, MB), Math.max(free, 0) / MB), null, true);
    }

    /** An image that did not find the memory that it was allowed to take. */
    public static ImageException outOfMemory(String name, OutOfMemoryError cause) {
        return new ImageException(Refusal.TOO_LARGE, name, "does not fit in the memory of the Java machine (-Xmx)", cause, true);
    }

    /** The image that the message is about. */
    public String name() {
        return name;
    }

    /** The kind of problem. */
    public Refusal reason() {
        return reason;
    }

    /** Whether nothing is wrong with the image, but it needs more heap than was allowed. */
    public boolean lacksHeap() {
        return lacksHeap;
    }
}
