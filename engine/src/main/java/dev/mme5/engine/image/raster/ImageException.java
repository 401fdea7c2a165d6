package dev.mme5.engine.image.raster;

import dev.mme5.json.SafeText;

/**
 * A picture cannot be used: missing, damaged, too large or of a kind that is not supported. The one exception for everything
 * that can be wrong with a picture. The message is one line: {@code name: problem}.
 */
public final class ImageException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final long MB = 1 << 20;

    private final String name;
    private final boolean lacksHeap;

    /**
     * @param name the picture, as the user would find it: a path, or what the caller named it
     * @param problem what was expected and what was found, in one line
     */
    public ImageException(String name, String problem) {
        this(name, problem, null);
    }

    public ImageException(String name, String problem, Throwable cause) {
        this(name, problem, cause, false);
    }

    private ImageException(String name, String problem, Throwable cause, boolean lacksHeap) {
        super(SafeText.line(name) + ": " + SafeText.line(problem), cause);
        this.name = name;
        this.lacksHeap = lacksHeap;
    }

    /** A picture that needs more bytes of heap than it may take now. */
    public static ImageException lackOfHeap(String name, long needed, long free) {
        String problem =
                "does not fit in the memory of the Java machine: decoding needs %d MB of heap, %d MB are free (raise it with -Xmx)";
        return new ImageException(name, problem.formatted(Math.ceilDiv(needed, MB), Math.max(free, 0) / MB), null, true);
    }

    /** The picture the message is about. */
    public String name() {
        return name;
    }

    /** Whether nothing is wrong with the picture, but it needs more heap than was allowed. */
    public boolean lacksHeap() {
        return lacksHeap;
    }
}
