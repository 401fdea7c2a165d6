package dev.mme5.tokenizer.common;

import dev.mme5.json.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * Numbers as the JSON parser of the tokenizers library reads them: the digits as one integer, rounded, divided by a power of ten, rounded
 * again. The last bit decides between ways with nearly equal sums. The digits are the shortest that tell the number, as writers of JSON put
 * them.
 */
public final class LibraryNumber {
    private static final int MAX_DIGITS = 18;

    /** Doubles tell all numbers of up to 15 digits apart, so their digits are the shortest. This is the first number of 16. */
    private static final long MAX_SAFE = 1_000_000_000_000_000L;

    /** Of the largest power of ten that is a double. */
    private static final int MAX_EXPONENT = 308;

    /** More would make ten times a digit overflow. */
    private static final int MAX_SHIFT = 58;

    private static final int FRACTION_BITS = 52;
    private static final long HIDDEN_BIT = 1L << FRACTION_BITS;
    private static final int EXPONENT_OF_ONE_BIT = 1075;   // the exponent field of a double whose last bit is 1

    private static final long[] POWERS = new long[MAX_DIGITS + 1];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) POWERS[i] = 10 * POWERS[i - 1];
    }

    private LibraryNumber() {}

    /** The library's number for an exact one. */
    public static double of(double exact) {
        BigDecimal shortest = new BigDecimal(Double.toString(exact)).stripTrailingZeros();
        double digits = shortest.unscaledValue().doubleValue();
        int scale = shortest.scale();
        if (scale > MAX_EXPONENT) {   // the library divides in two steps then
            digits /= power(MAX_EXPONENT);
            scale -= MAX_EXPONENT;
        }
        return scale > 0 ? digits / power(scale) : digits * power(-scale);
    }

    private static double power(int exponent) {
        return Double.parseDouble("1e" + exponent);
    }

    /** The library's number for a literal; NaN if it is not a JSON number, or not a finite one. */
    public static double parse(byte[] text, int from, int to) {
        double plain = plain(text, from, to);
        if (!Double.isNaN(plain)) return plain;
        String literal = new String(text, from, to - from, StandardCharsets.ISO_8859_1);
        if (!Json.Number.isLiteral(literal)) return Double.NaN;
        double exact = Double.parseDouble(literal);
        return Double.isFinite(exact) ? of(exact) : Double.NaN;
    }

    /** The same without arithmetic on long numbers: of the usual numbers, which have up to 18 digits and no exponent; NaN for others. */
    private static double plain(byte[] text, int from, int to) {
        boolean isNegative = from < to && text[from] == '-';
        int first = isNegative ? from + 1 : from;
        if (to - first > MAX_DIGITS + 1) return Double.NaN;
        int point = to;
        long digits = 0;
        for (int i = first; i < to; i++) {
            if (text[i] == '.' && point == to) {
                point = i;
                continue;
            }
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) return Double.NaN;
            digits = 10 * digits + digit;
        }
        boolean isNumber = point > first && point != to - 1 && (text[first] != '0' || point == first + 1);
        if (!isNumber || point == to && to - first > MAX_DIGITS) return Double.NaN;
        double number = quotient(digits, point == to ? 0 : to - point - 1);
        return isNegative && number != 0 ? -number : number;
    }

    private static double quotient(long allDigits, int decimals) {
        long digits = allDigits;
        int scale = decimals;
        while (scale > 0 && digits % 10 == 0) {
            digits /= 10;
            scale--;
        }
        boolean isShortest = digits < MAX_SAFE || scale > 0 && isShortest(digits, scale);
        return isShortest ? (double) digits / POWERS[scale] : Double.NaN;
    }

    /**
     * Whether the double nearest to a decimal has no shorter one, and no nearer one of that length: then {@link Double#toString} gives
     * these digits. Some decimals for which it holds are not recognised. A difference of two products that do not fit into 64 bits is
     * exact if it fits itself.
     *
     * @param digits not divisible by ten
     * @param scale of the digits, how many are decimals; at least 1
     */
    private static boolean isShortest(long digits, int scale) {
        long bits = Double.doubleToRawLongBits((double) digits / POWERS[scale]);   // off by two in the last place at most
        int shift = EXPONENT_OF_ONE_BIT - (int) (bits >>> FRACTION_BITS);
        if (shift < 1 || shift > MAX_SHIFT) return false;
        long mantissa = bits & HIDDEN_BIT - 1 | HIDDEN_BIT;

        // All in units of 2^-shift / 10^scale.
        long ulp = POWERS[scale];
        long lastDigit = 1L << shift;
        long difference = digits * lastDigit - mantissa * ulp;   // of the decimal from the double
        while (2 * difference > ulp) {
            difference -= ulp;
            mantissa++;
        }
        while (2 * difference < -ulp) {
            difference += ulp;
            mantissa--;
        }
        if (2 * Math.abs(difference) == ulp || mantissa <= HIDDEN_BIT || mantissa >= 2 * HIDDEN_BIT) return false;

        long below = digits % 10 * lastDigit - difference;   // to the shorter decimal below, and to that above
        long above = (10 - digits % 10) * lastDigit + difference;
        return 2 * below > ulp && 2 * above > ulp && 2 * Math.abs(difference) < lastDigit;
    }
}
