package dev.mme5.json;

/**
 * A file of the model cannot be used: missing, damaged, contradictory or of a kind that is not supported. The one exception
 * type for everything that can be wrong with a model folder. The message is one line, {@code file: place: problem}, and safe to
 * show on a terminal: control characters of the file's names and values are escaped, and what is long is cut.
 */
public final class ModelFormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String file;
    private final String place;

    /**
     * @param file name of the file, as the user would find it
     * @param place where in the file: a key, a tensor's name, a byte; empty when it is about the whole file
     * @param problem what was expected and what was found, in one line
     */
    public ModelFormatException(String file, String place, String problem) {
        this(file, place, problem, null);
    }

    public ModelFormatException(String file, String place, String problem, Throwable cause) {
        super(place.isEmpty()
                ? SafeText.line(file) + ": " + SafeText.line(problem)
                : SafeText.line(file) + ": " + SafeText.line(place) + ": " + SafeText.line(problem), cause);
        this.file = file;
        this.place = place;
    }

    public String file() {
        return file;
    }

    public String place() {
        return place;
    }
}
