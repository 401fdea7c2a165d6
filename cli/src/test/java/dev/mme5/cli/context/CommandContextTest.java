package dev.mme5.cli.context;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CommandContextTest {
    @Test
    void aMessageOfSeveralLinesBecomesOne() {
        assertThat(CommandContext.oneLine(" \n a  b \r\n\n\t c\rd\n")).isEqualTo("a  b c d");
        assertThat(CommandContext.oneLine("")).isEmpty();
    }

    /** A regular expression for spaces around line breaks took minutes. */
    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void spacesAreReadOnce() {
        String spaces = "x" + " ".repeat(1_000_000) + "y";
        assertThat(CommandContext.oneLine(spaces)).isEqualTo(spaces);
    }
}
