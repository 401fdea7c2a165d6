package dev.mme5.engine.image.raster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mme5.engine.failure.Refusal;
import org.junit.jupiter.api.Test;

class ImageExceptionTest {
    @Test
    void aNameCannotForgeAMessageControlATerminalOrReverseText() {
        ImageException refusal = new ImageException(Refusal.DAMAGED, "a\n\u001b[2J\u009b\u202egpj.png", "bad\r\nframe");

        assertThat(refusal).hasMessage("a\\u000a\\u001b[2J\\u009b\\u202egpj.png: bad\\u000d\\u000aframe");
        assertThat(refusal.name()).isEqualTo("a\n\u001b[2J\u009b\u202egpj.png");
    }

    @Test
    void longNamesAreCut() {
        assertThat(new ImageException(Refusal.DAMAGED, "x".repeat(100_000), "damaged")).hasMessage("x".repeat(2000) + "...: damaged");
    }
}
