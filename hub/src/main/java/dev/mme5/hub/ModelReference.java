package dev.mme5.hub;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A repository of the hub and one of its revisions, written {@code ORG/NAME} or {@code ORG/NAME@REV}.
 *
 * @param name {@code ORG/NAME}
 * @param revision a branch, a tag or a commit of 40 hex digits
 */
public record ModelReference(String name, String revision) {
    public static final String DEFAULT_REVISION = "main";

    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?");
    private static final Pattern REVISION =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+=-]{0,99}(?:/[A-Za-z0-9_][A-Za-z0-9._+=-]{0,99}){0,5}");

    /** @throws HubException when the hub can have no such repository or revision */
    public ModelReference {
        String[] parts = name.split("/", -1);
        if (parts.length != 2 || !isPart(parts[0]) || !isPart(parts[1])) {
            throw new HubException("expected ORG/NAME, found " + name);
        }
        boolean isRevision = REVISION.matcher(revision).matches() && !revision.contains("..") && !revision.endsWith(".")
                && !revision.contains(".lock") && !revision.contains("./");
        if (!isRevision) throw new HubException("expected a branch, tag or commit, found " + revision);
    }

    /**
     * Reads {@code ORG/NAME} or {@code ORG/NAME@REV}.
     *
     * @throws HubException when it is neither
     */
    public static ModelReference parse(String text) {
        int at = text.indexOf('@');
        return at < 0
                ? new ModelReference(text, DEFAULT_REVISION)
                : new ModelReference(text.substring(0, at), text.substring(at + 1));
    }

    /** The reference that a text is, or empty when it can be none, a path for example. */
    public static Optional<ModelReference> tryParse(String text) {
        try {
            return Optional.of(parse(text));
        } catch (HubException e) {
            return Optional.empty();
        }
    }

    public ModelReference withRevision(String other) {
        return new ModelReference(name, other);
    }

    private static boolean isPart(String part) {
        return PART.matcher(part).matches() && !part.contains("--") && !part.contains("..") && !part.endsWith(".git")
                && !part.endsWith(".ipynb");
    }

    /** As it is parsed; without the revision when that is {@code main}. */
    @Override
    public String toString() {
        return revision.equals(DEFAULT_REVISION) ? name : name + "@" + revision;
    }
}
