package dev.mme5.server.library;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a person typed, with minus terms taken out: {@code beach -night -"at dusk"} looks for a beach that is not like night and dusk.
 *
 * @param text the words to look for; may be empty
 * @param minus what matches should not be like
 */
record QueryWords(String text, List<String> minus) {
    private static final Pattern MINUS = Pattern.compile("(?<=^|\\s)[-\u2212](?:\"([^\"]+)\"|([^\\s\"-][^\\s]*))(?=\\s|$)");

    QueryWords {
        minus = List.copyOf(minus);
    }

    static QueryWords parse(String typed) {
        List<String> minus = new ArrayList<>();
        Matcher matcher = MINUS.matcher(typed);
        StringBuilder rest = new StringBuilder();
        while (matcher.find()) {
            minus.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
            matcher.appendReplacement(rest, "");
        }
        matcher.appendTail(rest);
        String text = minus.isEmpty() ? typed.strip() : rest.toString().strip().replaceAll("\\s{2,}", " ");
        return new QueryWords(text, minus);
    }
}
