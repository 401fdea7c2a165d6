package dev.mme5.lucene;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TermRangeQuery;
import org.apache.lucene.search.WildcardQuery;
import org.apache.lucene.util.BytesRef;

/**
 * Filters by metadata, as Lucene's queries, so they may be combined with any other of them. Numbers are compared by value, whatever their
 * types: 1, 1L and 1.0 are equal, and 1.23f equals 1.23. Strings are ordered by code points. A document without the key matches none of the
 * comparisons.
 */
public final class MetadataQueries {
    private MetadataQueries() {}

    /** Documents that have the key. */
    public static Query exists(String key) {
        return new TermQuery(new Term(MetadataFields.KEYS, key));
    }

    /** @param value a String, a number, a Boolean or a UUID */
    public static Query equalTo(String key, Object value) {
        if (value instanceof Number number) return NumberRange.equalTo(decimal(number)).query(key);
        return new TermQuery(new Term(MetadataFields.TERM + key, value.toString()));
    }

    /** Documents whose value is one of these, any number of Strings, Booleans and UUIDs, and up to 512 numbers. */
    public static Query in(String key, Collection<?> values) {
        List<BytesRef> terms = new ArrayList<>();
        List<Query> queries = new ArrayList<>();
        for (Object value : values) {
            if (value instanceof Number) queries.add(equalTo(key, value));
            else terms.add(new BytesRef(value.toString()));
        }
        if (!terms.isEmpty()) queries.add(new TermInSetQuery(MetadataFields.TERM + key, terms));
        return any(queries);
    }

    /** @param value a String or a number */
    public static Query greaterThan(String key, Object value) {
        if (value instanceof Number number) return NumberRange.above(decimal(number), false).query(key);
        return TermRangeQuery.newStringRange(MetadataFields.TERM + key, value.toString(), null, false, true);
    }

    /** @param value a String or a number */
    public static Query atLeast(String key, Object value) {
        if (value instanceof Number number) return NumberRange.above(decimal(number), true).query(key);
        return TermRangeQuery.newStringRange(MetadataFields.TERM + key, value.toString(), null, true, true);
    }

    /** @param value a String or a number */
    public static Query lessThan(String key, Object value) {
        if (value instanceof Number number) return NumberRange.below(decimal(number), false).query(key);
        return TermRangeQuery.newStringRange(MetadataFields.TERM + key, null, value.toString(), true, false);
    }

    /** @param value a String or a number */
    public static Query atMost(String key, Object value) {
        if (value instanceof Number number) return NumberRange.below(decimal(number), true).query(key);
        return TermRangeQuery.newStringRange(MetadataFields.TERM + key, null, value.toString(), true, true);
    }

    /** Strings that contain a part; reads all values of the key. */
    public static Query contains(String key, String part) {
        StringBuilder pattern = new StringBuilder("*");
        part.chars().forEach(unit -> {
            if (unit == '*' || unit == '?' || unit == '\\') pattern.append('\\');
            pattern.append((char) unit);
        });
        return new WildcardQuery(new Term(MetadataFields.TERM + key, pattern.append('*').toString()));
    }

    public static Query all(Collection<? extends Query> queries) {
        BooleanQuery.Builder builder = new BooleanQuery.Builder();
        for (Query query : queries) builder.add(query, BooleanClause.Occur.FILTER);
        return builder.build();
    }

    public static Query any(Collection<? extends Query> queries) {
        BooleanQuery.Builder builder = new BooleanQuery.Builder();
        for (Query query : queries) builder.add(query, BooleanClause.Occur.SHOULD);
        return builder.build();
    }

    /** Documents that do not match, those without the key included. */
    public static Query not(Query query) {
        return new BooleanQuery.Builder()
                .add(MatchAllDocsQuery.INSTANCE, BooleanClause.Occur.FILTER)
                .add(query, BooleanClause.Occur.MUST_NOT)
                .build();
    }

    static Query either(Query one, Query other) {
        return any(List.of(one, other));
    }

    private static BigDecimal decimal(Number number) {
        try {
            return new BigDecimal(number.toString());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a filter cannot compare with " + number, e);
        }
    }
}
