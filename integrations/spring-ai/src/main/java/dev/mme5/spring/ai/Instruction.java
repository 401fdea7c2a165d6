package dev.mme5.spring.ai;

import java.util.Map;

/**
 * The words around a text.
 *
 * @param before put in front of a text
 * @param after put behind it
 */
record Instruction(String before, String after) {
    static final Instruction NONE = new Instruction("", "");

    private static final String TEXT = "{text}";

    /** @param template put in front of a text, or around it if it has {@code {text}} */
    static Instruction of(String template) {
        int mark = template.indexOf(TEXT);
        return mark < 0
                ? new Instruction(template, "")
                : new Instruction(template.substring(0, mark), template.substring(mark + TEXT.length()));
    }

    /** The first of these prompts that a model folder names, as it is in front of a text, or none. */
    static Instruction named(Map<String, String> prompts, String... names) {
        for (String name : names) {
            String prompt = prompts.get(name);
            if (prompt != null) return new Instruction(prompt, "");
        }
        return NONE;
    }

    String apply(String text) {
        return before + text + after;
    }
}
