package dev.mme5.spring.ai;

import java.util.Map;

/**
 * The words around a text.
 *
 * @param template put in front of a text, or around it if it has {@code {text}}
 */
record Instruction(String template) {
    static final Instruction NONE = new Instruction("");

    private static final String TEXT = "{text}";

    /** The first of these prompts that a model folder names, or none. */
    static Instruction named(Map<String, String> prompts, String... names) {
        for (String name : names) {
            String prompt = prompts.get(name);
            if (prompt != null) return new Instruction(prompt);
        }
        return NONE;
    }

    String apply(String text) {
        int mark = template.indexOf(TEXT);
        return mark < 0 ? template + text : template.substring(0, mark) + text + template.substring(mark + TEXT.length());
    }
}
