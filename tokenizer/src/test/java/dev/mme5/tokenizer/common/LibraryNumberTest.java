package dev.mme5.tokenizer.common;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The short way to a number gives the bits of the long one: the exact number, its shortest digits, and the library's two roundings. */
class LibraryNumberTest {
    private final Random random = new Random(11);

    private static double parse(String literal) {
        byte[] text = ("[" + literal + "]").getBytes(UTF_8);
        return LibraryNumber.parse(text, 1, text.length - 1);
    }

    private static void assertSame(String literal) {
        long expected = Double.doubleToRawLongBits(LibraryNumber.of(Double.parseDouble(literal)));

        assertThat(Double.doubleToRawLongBits(parse(literal))).as(literal).isEqualTo(expected);
    }

    /** As SentencePiece makes scores: floats, written as doubles. */
    @Test
    void scoresThatAreFloats() {
        for (int i = 0; i < 50_000; i++) assertSame(Double.toString(-20 * random.nextFloat()));
    }

    @Test
    void shortestDigitsOfAnyDouble() {
        for (int i = 0; i < 50_000; i++) {
            double magnitude = Math.scalb(1 + random.nextDouble(), random.nextInt(80) - 40);
            assertSame(new BigDecimal(Double.toString(random.nextBoolean() ? magnitude : -magnitude)).toPlainString());
        }
    }

    /** Of 16 digits and more, many are not the shortest, and the library's number is of other digits. */
    @Test
    void digitsThatAreNotTheShortest() {
        for (int i = 0; i < 80_000; i++) {
            int digits = 14 + random.nextInt(7);
            BigDecimal exact = new BigDecimal(Math.scalb(1 + random.nextDouble(), random.nextInt(14) - 7)).round(new MathContext(digits));
            assertSame(exact.toPlainString());
            assertSame(exact.add(exact.ulp().multiply(BigDecimal.valueOf(random.nextInt(9)))).toPlainString());
        }
    }

    @Test
    void numbersAroundPowersOfTwo() {
        for (int exponent = -8; exponent < 54; exponent++) {
            double power = Math.scalb(1, exponent);
            Stream.of(power, Math.nextUp(power), Math.nextDown(power), Math.nextDown(Math.nextDown(power))).forEach(number -> {
                for (int digits = 15; digits <= 19; digits++) {
                    BigDecimal rounded = new BigDecimal(number).round(new MathContext(digits));
                    for (int i = -6; i <= 6; i++) assertSame(rounded.add(rounded.ulp().multiply(BigDecimal.valueOf(i))).toPlainString());
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-0", "0.0", "-0.0", "0.000000000000000000000000", "1", "-12", "10", "1000000000000000",
        "1000000000000001",
        "999999999999999999", "9007199254740993", "9007199254740993.0", "12345678901234567890", "0.5", "-5.0", "500.00", "0.1", "1e-5",
        "-2.5E+3",
        "4.9e-324", "1e22", "1e23", "2e23", "9.5367431640625e-07", "-13.527142524719238", "-3.4635426998138428", "0.000000000000000001",
        "0.12345678901234567", "0.012345678901234567"})
    void chosenNumbers(String literal) {
        assertSame(literal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", ".", "-.", ".5", "5.", "-5.", "01", "-01", "00", "00.5", "1.2.3", "1-2", "--1", "+1", "1e", "1e+",
        "e5", "1.e5",
        "1e400", "-1e400", "0x10", "1 2", "NaN", "Infinity"})
    void whatIsNoFiniteNumberIsNone(String literal) {
        assertThat(parse(literal)).isNaN();
    }

    /** Digits above 2^53 that are odd are rounded as an integer before the division. */
    @Test
    void theLibraryRoundsTwice() {
        assertThat(parse("-12.310094332700615")).isEqualTo(-12310094332700616d / 1e15).isNotEqualTo(-12.310094332700615);
        assertThat(parse("0.9007199254740993")).isEqualTo(9007199254740992d / 1e16).isNotEqualTo(0.9007199254740993);
    }

    /** Their powers of ten are no doubles, so the library divides in two steps. */
    @Test
    void numbersNearZeroAreNotZero() {
        assertThat(parse("4.9e-324")).isEqualTo(Double.MIN_VALUE);
        assertThat(parse("-2.2250738585072014e-308")).isEqualTo(-22250738585072014d / 1e308 / 1e16);
    }
}
