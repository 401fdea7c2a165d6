package dev.mme5.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.cli.Cli;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    @Test
    void tellsCountRateAndTimeLeft() {
        assertThat(ProgressLine.line(50, 0, "inputs", 0.25, 0, 10)).isEqualTo("50 inputs, 5.0/s, 25 %, 30 s left");
        assertThat(ProgressLine.line(1234, 0, "inputs", 0.5, 0, 100)).isEqualTo("1,234 inputs, 12.3/s, 50 %, 1 min 40 s left");
        assertThat(ProgressLine.line(4, 0, "inputs", 0.1, 0, 3600)).isEqualTo("4 inputs, 0.0/s, 10 %, 9 h 00 min left");
    }

    @Test
    void whatAnEarlierRunDidCountsButNotForTheRate() {
        assertThat(ProgressLine.line(150, 100, "inputs", 0.75, 0.5, 10)).isEqualTo("150 inputs, 5.0/s, 75 %, 10 s left");
    }

    @Test
    void otherThingsThanInputsCanBeCounted() {
        assertThat(ProgressLine.line(4000, 0, "MB verified", 0.5, 0, 8)).isEqualTo("4,000 MB verified, 500.0/s, 50 %, 8 s left");
    }

    @Test
    void leavesOutWhatNobodyKnows() {
        assertThat(ProgressLine.line(50, 0, "inputs", Double.NaN, 0, 10)).isEqualTo("50 inputs, 5.0/s");
    }

    @Test
    void nothingIsShownWithoutATerminal() {
        String many = "{\"text\":\"a\"}\n".repeat(500);

        assertThat(new Cli().stdin(many).start("tokenize", "--input", "-").err()).isEmpty();
        assertThat(new Cli().onTerminal().stdin(many).start("tokenize", "--quiet", "--input", "-").err()).isEmpty();
    }

    @Test
    void itIsErasedInTheEnd() {
        String err = new Cli().onTerminal().stdin("{\"text\":\"a b c d\"}\n".repeat(2000)).start("embed", "--input", "-").err();

        assertThat(err).matches("(?s)(.*\r\u001b\\[K)?mme5: 2,000 inputs, [0-9,]+ tokens: [^\n]+ tokens/s\\R");
    }
}
