package dev.mme5.engine.image;

/**
 * A picture cannot be used: missing, damaged, too large or of a kind that is not supported. The one exception for everything
 * that can be wrong with a picture. The message is one line: {@code name: problem}.
 */
public final class ImageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String name;

    /**
     * @param name the picture, as the user would find it: a path, or what the caller named it
     * @param problem what was expected and what was found, in one line
     */
    public ImageException(String name, String problem) {
        this(name, problem, null);
    }

    public ImageException(String name, String problem, Throwable cause) {
        super(oneLine(name) + ": " + oneLine(problem), cause);
        this.name = name;
    }

    /** The picture the message is about. */
    public String name() {
        return name;
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ").strip();
    }
}
