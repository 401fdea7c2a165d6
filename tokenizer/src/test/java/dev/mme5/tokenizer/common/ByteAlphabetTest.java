package dev.mme5.tokenizer.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ByteAlphabetTest {
    @Test
    void bytesThatPrintStandForThemselvesAndTheOthersFollowFromU0100() {
        assertThat(ByteAlphabet.character(0)).isEqualTo('Ā');
        assertThat(ByteAlphabet.character('\n')).isEqualTo('Ċ');
        assertThat(ByteAlphabet.character(' ')).isEqualTo('Ġ');
        assertThat(ByteAlphabet.character('!')).isEqualTo('!');
        assertThat(ByteAlphabet.character('~')).isEqualTo('~');
        assertThat(ByteAlphabet.character(0x7F)).isEqualTo('ġ');
        assertThat(ByteAlphabet.character(0xA0)).isEqualTo('ł');
        assertThat(ByteAlphabet.character(0xAD)).isEqualTo('Ń');
        assertThat(ByteAlphabet.character(0xAE)).isEqualTo('®');
        assertThat(ByteAlphabet.character(0xFF)).isEqualTo('ÿ');
    }

    @Test
    void everyByteHasACharacterOfItsOwn() {
        Set<Character> characters = new HashSet<>();
        for (int b = 0; b < 256; b++) {
            char character = ByteAlphabet.character(b);
            characters.add(character);

            assertThat(ByteAlphabet.bytes(String.valueOf(character))).containsExactly(b);
        }
        assertThat(characters).hasSize(256);
    }

    @Test
    void aTokenWithAnyOtherCharacterSpellsNoBytes() {
        assertThat(ByteAlphabet.bytes("Ġa")).containsExactly(' ', 'a');
        assertThat(ByteAlphabet.bytes("a b")).isNull();
        assertThat(ByteAlphabet.bytes("\u0144")).isNull();
        assertThat(ByteAlphabet.bytes("日")).isNull();
    }
}
