package dev.mme5.tokenizer;

import java.util.Random;

/** Seeded random strings for property tests: over all of Unicode, with many characters that the pattern distinguishes. */
public final class RandomText {
    private static final String TRICKY = "'sStTrReEvVmMlLdD\u017f\u212a\r\n \t\u000b\f\u001c\u001f\u0085\u00a0\u1680\u180e\u2003\u200b"
            + "\u2028\u202f\u205f\u3000\ufeff019\u0663\u00b2\u00bd\u2167aZ\u00e9\u0301\u0915\u093f\u4e2d\uff21.,!?-_<|>@\u2019\u20ac";

    private final Random random;

    public RandomText(long seed) {
        this.random = new Random(seed);
    }

    /** Valid Unicode, up to {@code maxLength} code points. */
    public String valid(int maxLength) {
        int length = random.nextInt(maxLength + 1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) text.appendCodePoint(codePoint());
        return text.toString();
    }

    /** Any chars, including unpaired surrogates. */
    public String any(int maxLength) {
        StringBuilder text = new StringBuilder(valid(maxLength));
        for (int i = random.nextInt(4); i > 0; i--) {
            text.insert(random.nextInt(text.length() + 1), (char) (Character.MIN_SURROGATE + random.nextInt(0x800)));
        }
        return text.toString();
    }

    private int codePoint() {
        return switch (random.nextInt(8)) {
            case 0 -> assigned(0x110000);
            case 1 -> assigned(0x3000);
            case 2 -> 0x1F300 + random.nextInt(0x200);
            default -> TRICKY.charAt(random.nextInt(TRICKY.length()));
        };
    }

    private int assigned(int bound) {
        while (true) {
            int codePoint = random.nextInt(bound);
            if (Character.isDefined(codePoint) && Character.getType(codePoint) != Character.SURROGATE) return codePoint;
        }
    }
}
