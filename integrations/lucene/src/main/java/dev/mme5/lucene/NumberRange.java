package dev.mme5.lucene;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;

/**
 * The numbers between two decimals, inclusive or not, among longs and among doubles. Both ends are exact: a long beyond 2^53 is never
 * compared as a double.
 */
record NumberRange(BigDecimal min, boolean isMinIncluded, BigDecimal max, boolean isMaxIncluded) {
    private static final BigInteger MIN_LONG = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);

    static NumberRange equalTo(BigDecimal value) {
        return new NumberRange(value, true, value, true);
    }

    static NumberRange above(BigDecimal value, boolean isIncluded) {
        return new NumberRange(value, isIncluded, null, true);
    }

    static NumberRange below(BigDecimal value, boolean isIncluded) {
        return new NumberRange(null, true, value, isIncluded);
    }

    Query query(String key) {
        return MetadataQueries.either(longs(MetadataFields.LONG + key), doubles(MetadataFields.DOUBLE + key));
    }

    private Query longs(String field) {
        BigInteger first = MIN_LONG;
        BigInteger last = MAX_LONG;
        if (min != null) {
            first = min.setScale(0, RoundingMode.CEILING).toBigInteger();
            if (!isMinIncluded && new BigDecimal(first).compareTo(min) == 0) first = first.add(BigInteger.ONE);
        }
        if (max != null) {
            last = max.setScale(0, RoundingMode.FLOOR).toBigInteger();
            if (!isMaxIncluded && new BigDecimal(last).compareTo(max) == 0) last = last.subtract(BigInteger.ONE);
        }
        first = first.max(MIN_LONG);
        last = last.min(MAX_LONG);
        if (first.compareTo(last) > 0) return new MatchNoDocsQuery("no whole number is between " + first + " and " + last);
        return LongPoint.newRangeQuery(field, first.longValue(), last.longValue());
    }

    /** A double stands for the decimal that it is written as. */
    private Query doubles(String field) {
        double first = Double.NEGATIVE_INFINITY;
        double last = Double.POSITIVE_INFINITY;
        if (min != null) {
            first = min.doubleValue();
            int compared = compare(first, min);
            if (compared < 0 || compared == 0 && !isMinIncluded) first = DoublePoint.nextUp(first);
        }
        if (max != null) {
            last = max.doubleValue();
            int compared = compare(last, max);
            boolean isExcluded = compared == 0 && !isMaxIncluded;
            if (isExcluded && last == 0) last = -Double.MIN_VALUE;   // below both zeros
            else if (compared > 0 || isExcluded) last = DoublePoint.nextDown(last);
        }
        // Both zeros are equal, and points order them.
        if (first == 0 && isMinIncluded) first = -0.0;
        if (last == 0 && isMaxIncluded) last = 0.0;
        return DoublePoint.newRangeQuery(field, first, last);
    }

    private static int compare(double number, BigDecimal decimal) {
        if (Double.isInfinite(number)) return number > 0 ? 1 : -1;
        return new BigDecimal(Double.toString(number)).compareTo(decimal);
    }
}
