package dev.mme5.tokenizer.normalizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MarkOrderTest {
    private static final String[] BASES = {"e", "\u00e9", "\u1ead", "\uac00", "\ufb01", "\u30a2", "\uff9e", "\ud834\udd58", " "};

    private static final int[] MARKS = IntStream.range(0x300, 0x20000).filter(c -> switch (Character.getType(c)) {
        case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
        default -> c == 0xFF9E || c == 0xFF9F;
    }).toArray();

    @ParameterizedTest
    @EnumSource(Form.class)
    void normalFormsStayAsTheyAre(Form form) {
        Random random = new Random(1);
        boolean isMoved = false;
        for (int i = 0; i < 200; i++) {
            String text = text(random);
            String ordered = MarkOrder.ordered(text, form);

            assertThat(Normalizer.normalize(ordered, form)).isEqualTo(Normalizer.normalize(text, form));
            isMoved |= !ordered.equals(text);
        }
        assertThat(isMoved).isTrue();
    }

    /** Letters with runs of a few different marks, most of them long. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int[] pool = random.ints(1 + random.nextInt(30), 0, MARKS.length).map(i -> MARKS[i]).toArray();
        for (int runs = random.nextInt(4); runs >= 0; runs--) {
            text.append(BASES[random.nextInt(BASES.length)]);
            for (int marks = random.nextInt(1000); marks > 0; marks--) text.appendCodePoint(pool[random.nextInt(pool.length)]);
        }
        return text.toString();
    }

    /** The JDK alone takes minutes. */
    @ParameterizedTest
    @EnumSource(Form.class)
    @Timeout(value = 30, threadMode = SEPARATE_THREAD)
    void manyMarksTakeLinearTime(Form form) {
        String text = "a" + "\u0f73\u0301\u0316".repeat(200_000);

        assertThat(new TextStep.Unicode(form).apply(text)).hasSizeGreaterThan(500_000);
    }

    @Test
    void ordinaryTextIsNotCopied() {
        String text = "Caf\u0065\u0301 \u0915\u094d\u0937";

        assertThat(MarkOrder.ordered(text, Form.NFC)).isSameAs(text);
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void manyRunsOfMarksOfAllPlanes(Form form) {
        String above = "\ud834\udd85";     // U+1D185, class 230
        String below = "\ud834\udd7b";     // U+1D17B, class 220
        String text = ("a" + (above + below + "\u0301\u0f73\u0316").repeat(60) + "\u20dd" + (below + above).repeat(10)).repeat(500);

        String ordered = MarkOrder.ordered(text, form);
        assertThat(ordered).isNotEqualTo(text);
        assertThat(Normalizer.normalize(ordered, form)).isEqualTo(Normalizer.normalize(text, form));
    }

    /** The JDK alone is faster where no mark moves past many. */
    @ParameterizedTest
    @ValueSource(strings = {"\u0301", "\u0903", "\u0301\u0316\u20dd"})
    void longRunsOfMarksThatStayAreNotCopied(String marks) {
        String text = "a" + marks.repeat(1000);

        assertThat(MarkOrder.ordered(text, Form.NFC)).isSameAs(text);
    }
}
