package dev.mme5.hub.cache;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which names of a repository become paths. A name comes from a stranger: it may lead out of the folder, or be another one on
 * another system. What is allowed on one system is allowed on all, so that a cache can be copied.
 */
public final class FileNames {
    private static final int MAX_PART_BYTES = 200;
    private static final int MAX_PARTS = 8;
    private static final Pattern WINDOWS_DEVICE =
            Pattern.compile("(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\\$|conout\\$)(\\..*)?");

    /** Folders that tools, this one among them, trust. */
    private static final Set<String> RESERVED = Set.of(".cache", ".git", ".hg", ".svn");

    private FileNames() {}

    /** Whether a name leads out of its folder: a repository that has one is hostile as a whole. */
    public static boolean isEscape(String name) {
        String slashes = name.replace('\\', '/');
        boolean hasDrive = slashes.length() > 1 && slashes.charAt(1) == ':' && Character.isLetter(slashes.charAt(0));
        return slashes.startsWith("/") || hasDrive || slashes.indexOf('\0') >= 0
                || Pattern.compile("/").splitAsStream(slashes).anyMatch(".."::equals);
    }

    /** Why a file of this name is not written; empty when it may be. */
    public static Optional<String> problem(String name) {
        if (isEscape(name)) return Optional.of("leads out of the folder");
        String[] parts = name.split("/", -1);
        if (parts.length > MAX_PARTS) return Optional.of("has more than " + MAX_PARTS + " parts");
        for (String part : parts) {
            Optional<String> problem = partProblem(part);
            if (problem.isPresent()) return problem;
        }
        return RESERVED.contains(parts[0].toLowerCase(Locale.ROOT)) ? Optional.of("is in a reserved folder") : Optional.empty();
    }

    private static Optional<String> partProblem(String part) {
        if (part.isEmpty() || part.equals(".")) return Optional.of("has an empty part");
        if (part.getBytes(StandardCharsets.UTF_8).length > MAX_PART_BYTES) return Optional.of("is too long");
        boolean hasForbidden =
                part.chars().anyMatch(c -> c < ' ' || c == 127 || "\\:*?\"<>|".indexOf(c) >= 0 || Character.isSurrogate((char) c)
                        || c >= 0x80 && c < 0xA0 || c >= 0x2028 && c <= 0x202E || c >= 0x2066 && c <= 0x2069);
        if (hasForbidden) return Optional.of("has a character that some systems do not allow");
        if (part.endsWith(".") || part.endsWith(" ")) return Optional.of("ends in a dot or a space");
        return WINDOWS_DEVICE.matcher(part).matches() ? Optional.of("is a device on some systems") : Optional.empty();
    }

    /** A name that would be the same file as another on some systems, or a file and a folder at once; empty when there is none. */
    public static Optional<String> collision(Collection<String> names) {
        Set<String> files = new HashSet<>();
        for (String name : names) {
            if (!files.add(folded(name))) return Optional.of(name);
        }
        for (String name : names) {
            String folded = folded(name);
            for (int slash = folded.indexOf('/'); slash >= 0; slash = folded.indexOf('/', slash + 1)) {
                if (files.contains(folded.substring(0, slash))) return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    private static String folded(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    }
}
